import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { PoolView, Token } from '../../shared/contract.ts';
import { mainToken } from '../../shared/pool-math.ts';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { useLinkedToken, useSelectToken } from '../desk/use-linked-token.ts';
import { sourceName } from '../state/names.ts';
import type { RowAction } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { RowData } from '../table/table-row.tsx';
import { ColumnsButton } from '../table/table-tools.tsx';
import { useRowHeight } from '../table/use-row-height.ts';
import { Age } from '../time/age.tsx';
import { poolColumns } from './pool-columns.tsx';
import { poolName } from './pool-cells.tsx';
import { acceptPoolSettings, DEFAULT_DOLLARS, POOL_DEFAULTS, sizeOf } from './pool-settings.ts';
import { TradeSize } from './trade-size.tsx';
import './pools.css';

const NO_POOLS: readonly PoolView[] = [];
const rowId = ({ address, name }: PoolView): string => address ?? name;
const rowData = (pool: PoolView): RowData => ({
  'data-pool': pool.address ?? '',
  'data-token': tokenOf(pool) ?? '',
  'data-from': pool.state?.source ?? '',
});

/** Liquidity pools: what they hold, what is traded in them, and how far a trade of the trader's size would move their price. */
export function PoolsPane({ paneId }: PaneProps): ReactElement {
  const { screen, travel } = useServices();
  const pools = useStore(screen, state => state.pools);
  const tokens = useStore(screen, state => state.tokens);
  const past = useStore(travel.state, ({ when }) => when === 'past');
  const [settings, change] = usePaneSettings(paneId, POOL_DEFAULTS, acceptPoolSettings);
  const linked = useLinkedToken(paneId);
  const select = useSelectToken(paneId);
  const { side, size } = settings;
  const columns = useMemo(() => poolColumns(sizeOf(size) ?? DEFAULT_DOLLARS, side), [size, side]);
  const actions = useMemo<readonly RowAction<PoolView>[]>(
    () => [
      {
        label: 'Show on the linked chart',
        key: 'Enter',
        when: pool => tokens.includes(tokenOf(pool) ?? ''),
        run: pool => select(tokenOf(pool) ?? ''),
      },
    ],
    [select, tokens],
  );
  const rowHeight = useRowHeight('--table-row-height', 26);
  const save = useRef<(() => void) | null>(null);
  const selected = pools?.find(pool => linked !== null && tokenOf(pool) === linked);
  return (
    <div className="pools">
      <PaneTools>
        <TradeSize {...{ settings, change }} />
        <ColumnsButton
          {...{ columns, settings, change }}
          defaults={POOL_DEFAULTS}
          saveCsv={() => save.current?.()}
        />
      </PaneTools>
      {pools === null && past ? (
        <p className="pane-empty">
          <strong>Pools are not kept for the past.</strong> Escape goes back to now.
        </p>
      ) : (
        <>
          <DataTable
            label="Pools"
            {...{ columns, rows: pools ?? NO_POOLS, rowId, rowData, settings, change, rowHeight, actions }}
            rowName={poolName}
            selected={selected === undefined ? null : rowId(selected)}
            onSelect={pool => {
              const token = tokenOf(pool);
              if (token !== null && tokens.includes(token)) select(token);
            }}
            exportRef={save}
            busy={pools === null}
            empty={<NoPools />}
          />
          {pools !== null && <Updated pools={pools} />}
        </>
      )}
    </div>
  );
}

function NoPools(): ReactElement {
  const { screen } = useServices();
  const recorded = useStore(screen, state => state.status?.mode === 'recorded');
  return (
    <p className="pane-empty">
      {recorded ? (
        <>
          <strong>A recording holds no pools.</strong> They are there in a live and in the simulated market.
        </>
      ) : (
        <>
          <strong>No pools are watched.</strong> Name some in the settings, under Pools, for instance{' '}
          <code>SOL/USDC</code>.
        </>
      )}
    </p>
  );
}

/** Who says all this and when it was heard; or what is wrong, in words. */
function Updated({ pools }: { pools: readonly PoolView[] }): ReactElement | null {
  const newest = pools.map(({ state }) => state).filter(state => state !== null);
  const at = newest.length === 0 ? null : Math.max(...newest.map(({ timestamp }) => timestamp));
  const problem = pools.find(one => one.problem !== null)?.problem ?? null;
  const source = newest.find(({ timestamp }) => timestamp === at)?.source;
  if (at === null || source === undefined)
    return pools.length === 0 ? null : (
      <p className="pools-updated" data-tone="warn" role="note">
        {problem ?? 'Nothing was heard of any pool yet.'}
      </p>
    );
  return (
    <p className="pools-updated" role="note">
      {source === 'simulated' && <strong className="pools-simulated">SIMULATED</strong>}
      {source === 'cache' ? 'Written by another program' : sourceName(source)}, updated <Age since={at} /> ago
      {source === 'raydium' && ', cached by the venue'}
      {problem !== null && <span className="pools-trouble">. {problem}</span>}
    </p>
  );
}

/** The token a pool stands for, as the watchlist calls it. */
function tokenOf(pool: PoolView): Token | null {
  return mainToken(pool) === 'A' ? pool.tokenA : pool.tokenB;
}
