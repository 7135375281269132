import { DropdownMenu } from 'radix-ui';
import { useState, type ReactElement } from 'react';
import { menuPlace } from '../desk/menu-place.ts';
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
  const [button, setButton] = useState<HTMLElement | null>(null);
  const toggle = (id: string, shown: boolean): void =>
    change({ hidden: shown ? settings.hidden.filter(one => one !== id) : [...settings.hidden, id] });
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="text-button" ref={setButton} aria-label="Columns and export">
          Columns
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={menuPlace(button)}>
        <DropdownMenu.Content
          className="menu"
          align="end"
          sideOffset={2}
          collisionPadding={8}
          aria-label="Columns and export"
        >
          {inOrder(columns, settings.order).map(column => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className="menu-item"
              checked={!settings.hidden.includes(column.id)}
              disabled={column.header === true}
              onCheckedChange={shown => toggle(column.id, shown)}
              onSelect={event => event.preventDefault()}
            >
              {column.title}
              <DropdownMenu.ItemIndicator className="menu-mark">✓</DropdownMenu.ItemIndicator>
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item className="menu-item" onSelect={() => change({ ...defaults })}>
            Reset columns and order
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={saveCsv}>
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
