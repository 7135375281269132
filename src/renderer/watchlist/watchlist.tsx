import { useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { useLinkedToken, useSelectToken } from '../desk/use-linked-token.ts';
import type { RowAction } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { acceptTableSettings } from '../table/table-settings.ts';
import { ColumnsButton, FilterField } from '../table/table-tools.tsx';
import { useRowHeight } from '../table/use-row-height.ts';
import { AddToken } from './add-token.tsx';
import { usePast } from './past.ts';
import { useTokenChanges } from './use-token-changes.ts';
import { WATCHLIST_DEFAULTS, watchlistColumns, WINDOWS, type Watched } from './watchlist-columns.tsx';
import './watchlist.css';

/** From this many tokens on a field to filter them is worth its place. */
const FILTER_FROM = 9;

const rowId = ({ token }: Watched): string => token;
const rowData = ({ token }: Watched): { 'data-token': string } => ({ 'data-token': token });

/** One object per token, so that rows stay the same while tokens are added, removed and moved. */
function useWatched(tokens: readonly Token[]): readonly Watched[] {
  const [known] = useState(() => new Map<Token, Watched>());
  return useMemo(
    () =>
      tokens.map(token => {
        const row = known.get(token) ?? { token };
        known.set(token, row);
        return row;
      }),
    [tokens, known],
  );
}

/** The watchlist: every token of the engine's list, with or without a price. */
export function Watchlist({ paneId }: PaneProps): ReactElement {
  const { screen, vitals } = useServices();
  const tokens = useStore(screen, state => state.tokens);
  const started = useStore(screen, state => state.status !== null);
  const fresh = useStore(vitals, state => state.counts.fresh);
  const selected = useLinkedToken(paneId);
  const select = useSelectToken(paneId);
  const [settings, change] = usePaneSettings(paneId, WATCHLIST_DEFAULTS, acceptTableSettings);
  const [filter, setFilter] = useState('');
  const [adding, setAdding] = useState(false);
  const rows = useWatched(tokens);
  const past = usePast(
    tokens,
    WINDOWS.some(([part]) => !settings.hidden.includes(part)),
  );
  const columns = useMemo(() => watchlistColumns(screen, past), [screen, past]);
  const { notice, dismiss, add, remove, move } = useTokenChanges();
  const rowHeight = useRowHeight('--row-height', 44);
  const save = useRef<(() => void) | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const actions = useMemo<readonly RowAction<Watched>[]>(
    () => [
      { label: 'Show on the linked charts', run: ({ token }) => select(token) },
      { label: 'Move up', key: 'Alt+ArrowUp', run: ({ token }) => move(token, -1) },
      { label: 'Move down', key: 'Alt+ArrowDown', run: ({ token }) => move(token, 1) },
      { label: 'Move to the top', run: ({ token }) => move(token, -Infinity) },
      { label: 'Remove', key: 'Delete', run: ({ token }) => remove(token) },
    ],
    [select, move, remove],
  );
  const close = (): void => {
    setAdding(false);
    addButton.current?.focus();
  };
  return (
    <div className="watchlist">
      <PaneTools>
        {tokens.length > 0 && (
          <span className="pane-note">
            {fresh} of {tokens.length} fresh
          </span>
        )}
        {tokens.length >= FILTER_FROM && (
          <FilterField label="Filter the watchlist" value={filter} onChange={setFilter} />
        )}
        <button
          type="button"
          className="text-button"
          aria-expanded={adding}
          aria-label="Add a token"
          ref={addButton}
          onClick={() => setAdding(!adding)}
        >
          Add
        </button>
        <ColumnsButton
          {...{ columns, settings, change }}
          defaults={WATCHLIST_DEFAULTS}
          saveCsv={() => save.current?.()}
        />
      </PaneTools>
      {adding && <AddToken onAdd={add} onClose={close} />}
      {notice !== null && (
        <p className="watchlist-notice" role="alert">
          <span>{notice.text}</span>
          {notice.undo !== null && (
            <button type="button" className="text-button" onClick={notice.undo}>
              Undo
            </button>
          )}
          <button type="button" className="text-button" onClick={dismiss}>
            Dismiss
          </button>
        </p>
      )}
      <DataTable
        label="Watchlist"
        {...{ columns, rows, rowId, rowData, settings, change, filter, rowHeight, selected, actions }}
        rowName={rowId}
        onSelect={({ token }) => select(token)}
        onMove={({ token }, steps) => move(token, steps)}
        exportRef={save}
        busy={!started}
        empty={
          <p className="pane-empty">
            {tokens.length > 0 ? (
              <strong>No token matches “{filter}”.</strong>
            ) : (
              <>
                <strong>No tokens to watch.</strong> Add one with the button above.
              </>
            )}
          </p>
        }
      />
    </div>
  );
}
