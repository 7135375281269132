import { useMemo, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { inOrder } from './position-values.ts';
import { PositionRow } from './position-row.tsx';
import { PositionTotals } from './totals.tsx';
import './positions.css';

/** The positions as their producers told them last, valued at the newest prices. */
export function Positions(): ReactElement {
  const { screen } = useServices();
  const positions = useStore(screen, state => state.positions);
  const tokens = useStore(screen, state => state.tokens);
  const started = useStore(screen, state => state.status !== null);
  const rows = useMemo(() => inOrder(positions.values(), tokens), [positions, tokens]);
  const several = useMemo(() => new Set(rows.map(row => row.channel)).size > 1, [rows]);
  return (
    <div className="positions">
      <PaneTools>
        <PositionTotals />
      </PaneTools>
      {/* Scrolls when it must, so the keyboard has to be able to reach it. */}
      <div className="positions-scroll" tabIndex={0} role="group" aria-label="Positions, all rows">
        <table aria-label="Positions" className="compact-table" aria-busy={!started}>
          <thead>
            <tr>
              <th scope="col">Token</th>
              <th scope="col" className="number">
                Amount
              </th>
              <th scope="col" className="number" title="Profit or loss as the event says it">
                PnL
              </th>
              <th scope="col" className="number" title="The newest price of the token">
                Mark
              </th>
              <th scope="col" className="number" title="Amount at the mark">
                Value
              </th>
              <th scope="col" className="number" title="Since the position was told">
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(position => (
              <PositionRow key={position.key} position={position} withOwner={several} />
            ))}
          </tbody>
        </table>
        {started && rows.length === 0 && (
          <p className="pane-empty">
            <strong>No positions yet.</strong> Publish to <code>position-updates</code> or{' '}
            <code>positions:…</code> to see them here.
          </p>
        )}
      </div>
    </div>
  );
}
