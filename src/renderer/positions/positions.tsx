import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { EpochMs } from '../../shared/contract.ts';
import { joinHoldings, type Holding } from '../../shared/holdings.ts';
import { startOfDay } from '../../shared/positions.ts';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { useSelectToken } from '../desk/use-linked-token.ts';
import type { Position } from '../state/position.ts';
import type { RowAction } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { RowData } from '../table/table-row.tsx';
import { acceptTableSettings } from '../table/table-settings.ts';
import { ColumnsButton } from '../table/table-tools.tsx';
import { useRowHeight } from '../table/use-row-height.ts';
import { POSITION_DEFAULTS, positionColumns } from './position-columns.tsx';
import { inOrder } from './position-values.ts';
import { PositionTotals } from './totals.tsx';
import './positions.css';

const rowId = ({ key }: Holding): string => key;
const rowName = ({ token }: Holding): string => token;
const rowData = ({ token, channel, eventId, told }: Holding): RowData => ({
  'data-token': token,
  'data-channel': channel,
  'data-event-id': eventId,
  'data-from': told === null ? 'trades' : 'event',
});

/** The positions as their producers told them last, else as the trades add up, valued at the newest prices. */
export function Positions({ paneId }: PaneProps): ReactElement {
  const { screen, ticker } = useServices();
  const positions = useStore(screen, state => state.positions);
  const books = useStore(screen, state => state.books);
  const tokens = useStore(screen, state => state.tokens);
  const started = useStore(screen, state => state.status !== null);
  const day = useDay();
  const [settings, change] = usePaneSettings(paneId, POSITION_DEFAULTS, acceptTableSettings);
  const select = useSelectToken(paneId);
  const [known] = useState(() => new Map<string, Holding>());
  const rows = useMemo(() => {
    const joined = joinHoldings<Position>(positions.values(), books.values(), day);
    return inOrder(reuse(joined, known), tokens);
  }, [positions, books, tokens, day, known]);
  const several = useMemo(() => new Set(rows.map(row => row.channel)).size > 1, [rows]);
  const columns = useMemo(
    () => positionColumns(screen, () => ticker.now(), several),
    [screen, ticker, several],
  );
  const actions = useMemo<readonly RowAction<Holding>[]>(
    () => [
      {
        label: 'Show on the linked chart',
        key: 'Enter',
        when: ({ token }) => tokens.includes(token),
        run: ({ token }) => select(token),
      },
    ],
    [select, tokens],
  );
  const save = useRef<(() => void) | null>(null);
  return (
    <div className="positions">
      <PaneTools>
        <PositionTotals holdings={rows} />
        <ColumnsButton
          {...{ columns, settings, change }}
          defaults={POSITION_DEFAULTS}
          saveCsv={() => save.current?.()}
        />
      </PaneTools>
      <DataTable
        label="Positions"
        {...{ columns, rows, rowId, rowName, rowData, settings, change, actions }}
        rowHeight={useRowHeight('--table-row-height', 26)}
        busy={!started}
        exportRef={save}
        empty={
          <p className="pane-empty">
            <strong>No positions yet.</strong> Publish to <code>position-updates</code>,{' '}
            <code>positions:…</code>, <code>trade-events</code> or <code>trades:…</code> to see them here.
          </p>
        }
      />
      <Unbooked />
    </div>
  );
}

/** How many trades no position could be reckoned from, and why; nothing while there are none. */
function Unbooked(): ReactElement | null {
  const { screen } = useServices();
  const unbooked = useStore(screen, state => state.status?.unbooked);
  if (unbooked === undefined) return null;
  const { count, channel, reason } = unbooked;
  return (
    <p className="positions-unbooked" role="note">
      {count === 1 ? 'A trade is in no position' : `${count} trades are in no position`}: the newest, in{' '}
      {channel}, {reason}.
    </p>
  );
}

/** The same row object while nothing of it changed, so that its cells are not drawn anew. */
function reuse(holdings: readonly Holding[], known: Map<string, Holding>): Holding[] {
  const rows = holdings.map(holding => {
    const old = known.get(holding.key);
    return old !== undefined && old.told === holding.told && old.facts === holding.facts ? old : holding;
  });
  known.clear();
  for (const row of rows) known.set(row.key, row);
  return rows;
}

/** Start of the UTC day on the engine's clock; changes at midnight. */
function useDay(): EpochMs {
  const { ticker } = useServices();
  const [day, setDay] = useState(() => startOfDay(ticker.now()));
  useEffect(() => ticker.add(now => setDay(startOfDay(now))), [ticker]);
  return day;
}
