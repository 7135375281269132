import { useCallback, useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { useLinkedToken, useSelectToken } from '../desk/use-linked-token.ts';
import { WatchlistRow } from './watchlist-row.tsx';
import { WatchlistSkeleton } from './watchlist-skeleton.tsx';
import './watchlist.css';

/** The row a key leads to, `null` when the key means nothing here. */
export function rowAfterKey(key: string, index: number, count: number): number | null {
  if (key === 'ArrowDown') return Math.min(index + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(index - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** The watchlist: every token of the engine's list, with or without a price. */
export function Watchlist({ paneId }: PaneProps): ReactElement {
  const { screen, vitals } = useServices();
  const tokens = useStore(screen, state => state.tokens);
  const started = useStore(screen, state => state.status !== null);
  const fresh = useStore(vitals, state => state.counts.fresh);
  const selected = useLinkedToken(paneId);
  const select = useSelectToken(paneId);
  const body = useRef<HTMLTableSectionElement>(null);

  const move = useCallback(
    (event: KeyboardEvent, token: Token) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const target = rowAfterKey(event.key, tokens.indexOf(token), tokens.length);
      const next = target === null ? undefined : tokens[target];
      if (target === null || next === undefined) return;
      event.preventDefault();
      select(next);
      body.current?.querySelectorAll('tr')[target]?.focus();
    },
    [select, tokens],
  );

  return (
    <div className="watchlist">
      <PaneTools>
        {tokens.length > 0 && (
          <span className="pane-note">
            {fresh} of {tokens.length} fresh
          </span>
        )}
      </PaneTools>
      <div className="watchlist-scroll">
        <table aria-busy={!started}>
          <thead>
            <tr>
              <th scope="col">Token</th>
              <th scope="col" className="number" title="In US dollars, or the product's own quote currency">
                Price
              </th>
              <th scope="col" className="number" title="Change since the first price of the day (UTC)">
                Today
              </th>
              <th scope="col" className="spark" title="The last five minutes">
                5 min
              </th>
              <th scope="col" className="number" title="Since the source last vouched for the price">
                Age
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {started ? (
              tokens.map(token => (
                <WatchlistRow
                  key={token}
                  token={token}
                  selected={token === selected}
                  onSelect={select}
                  onMove={move}
                />
              ))
            ) : (
              <WatchlistSkeleton />
            )}
          </tbody>
        </table>
        {started && tokens.length === 0 && (
          <p className="empty">
            <strong>No tokens to watch.</strong> Start Tenhertz with <code>--tokens SOL,USDC</code>, or with
            none of it for the usual five.
          </p>
        )}
      </div>
    </div>
  );
}
