import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { SourceStatus, StatusView } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { sourceName } from '../state/names.ts';
import { DataTable } from '../table/data-table.tsx';
import type { RowData } from '../table/table-row.tsx';
import { acceptTableSettings } from '../table/table-settings.ts';
import { ColumnsButton } from '../table/table-tools.tsx';
import { useRowHeight } from '../table/use-row-height.ts';
import { SOURCE_DEFAULTS, sourceColumns } from './source-columns.tsx';
import './sources.css';

const NO_SOURCES: readonly SourceStatus[] = [];
const rowId = ({ name }: SourceStatus): string => name;
const rowName = ({ name }: SourceStatus): string => sourceName(name);
const rowData = ({ name, state }: SourceStatus): RowData => ({ 'data-source': name, 'data-state': state });

/** Where prices come from, and pools; simulated pools belong to the simulated market, which is there already. */
function sourcesOf({ sources, poolSource }: StatusView): readonly SourceStatus[] {
  const named = sources.some(({ name }) => name === poolSource?.name);
  return poolSource === null || named ? sources : [...sources, poolSource];
}

/** Every source of prices and pools: its state, what it vouches for, when it was heard, and what of it was refused. */
export function SourcesPane({ paneId }: PaneProps): ReactElement {
  const { screen } = useServices();
  const status = useStore(screen, state => state.status);
  const rows = useMemo(() => (status === null ? NO_SOURCES : sourcesOf(status)), [status]);
  const started = status !== null;
  const [settings, change] = usePaneSettings(paneId, SOURCE_DEFAULTS, acceptTableSettings);
  const columns = useMemo(() => sourceColumns(screen), [screen]);
  const rowHeight = useRowHeight('--table-row-height', 26);
  const save = useRef<(() => void) | null>(null);
  const live = rows.filter(({ state }) => state === 'live').length;
  return (
    <div className="sources">
      <PaneTools>
        {rows.length > 0 && (
          <span className="pane-note">
            {live} of {rows.length} live
          </span>
        )}
        <ColumnsButton
          {...{ columns, settings, change }}
          defaults={SOURCE_DEFAULTS}
          saveCsv={() => save.current?.()}
        />
      </PaneTools>
      <DataTable
        label="Sources"
        {...{ columns, rows, rowId, rowName, rowData, settings, change, rowHeight }}
        exportRef={save}
        busy={!started}
        empty={
          <p className="pane-empty">
            <strong>No source of prices is in use.</strong> Choose some in the settings, or start Tenhertz
            with <code>--source auto</code>.
          </p>
        }
      />
    </div>
  );
}
