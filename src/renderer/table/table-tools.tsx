import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { inOrder, type TableSettings } from './table-settings.ts';
import type { Column } from './column.ts';

/** Which columns are shown, and back to how it was; for the title bar of a pane. */
export function ColumnsButton<Row>({
  columns,
  settings,
  defaults,
  change,
  saveCsv,
}: {
  columns: readonly Column<Row>[];
  settings: TableSettings;
  defaults: TableSettings;
  change: (part: Partial<TableSettings>) => void;
  saveCsv: () => void;
}): ReactElement {
  const toggle = (id: string, shown: boolean): void =>
    change({ hidden: shown ? settings.hidden.filter(one => one !== id) : [...settings.hidden, id] });
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="text-button" aria-label="Columns and export">
          Columns
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="table-menu" align="end" aria-label="Columns and export">
          {inOrder(columns, settings.order).map(column => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className="table-menu-item"
              checked={!settings.hidden.includes(column.id)}
              disabled={column.header === true}
              onCheckedChange={shown => toggle(column.id, shown)}
              onSelect={event => event.preventDefault()}
            >
              <span className="table-menu-check" aria-hidden="true">
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
              </span>
              {column.title}
              {column.hint !== undefined && <small>{column.hint}</small>}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="table-menu-line" />
          <DropdownMenu.Item className="table-menu-item" onSelect={() => change({ ...defaults })}>
            Reset columns and order
          </DropdownMenu.Item>
          <DropdownMenu.Item className="table-menu-item" onSelect={saveCsv}>
            Export CSV
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** A field that filters a table as one types; Escape empties it. */
export function FilterField({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
}): ReactElement {
  return (
    <input
      type="search"
      className="table-filter"
      aria-label={label}
      placeholder="Filter"
      value={value}
      onChange={event => onChange(event.target.value)}
      onKeyDown={event => {
        if (event.key !== 'Escape' || value === '') return;
        event.stopPropagation();
        onChange('');
      }}
    />
  );
}
