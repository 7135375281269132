import { ContextMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { menuPlace } from '../desk/menu-place.ts';
import type { RowAction } from './column.ts';

/** What is copied or saved from a table, whatever it holds. */
export interface CopyActions {
  copyCell: (() => void) | null;
  copyRow: () => void;
  copyTable: () => void;
  saveCsv: () => void;
}

/**
 * The menu of the row that was pointed at. It is not modal: what lies under it goes on living, and nothing is blocked.
 *
 * @param row `null`: no row was pointed at, so only what concerns the whole table is offered
 */
export function RowMenu<Row>({
  row,
  name,
  actions,
  copy,
  opener,
  children,
}: {
  row: Row | null;
  name: string;
  actions: readonly RowAction<Row>[];
  copy: CopyActions;
  /** What was pointed at: the menu opens in its window. */
  opener: Element | null;
  children: ReactNode;
}): ReactElement {
  const offered = row === null ? [] : actions.filter(action => action.when?.(row) ?? true);
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal container={menuPlace(opener)}>
        <ContextMenu.Content
          className="menu"
          collisionPadding={8}
          aria-label={row === null ? name : `Menu of ${name}`}
        >
          {row !== null &&
            offered.map(action => (
              <ContextMenu.Item key={action.label} className="menu-item" onSelect={() => action.run(row)}>
                {action.label}
                {action.key !== undefined && <kbd className="menu-key">{keyName(action.key)}</kbd>}
              </ContextMenu.Item>
            ))}
          {offered.length > 0 && <ContextMenu.Separator className="menu-line" />}
          {row !== null && copy.copyCell !== null && (
            <ContextMenu.Item className="menu-item" onSelect={copy.copyCell}>
              Copy cell <kbd className="menu-key">Ctrl C</kbd>
            </ContextMenu.Item>
          )}
          {row !== null && (
            <ContextMenu.Item className="menu-item" onSelect={copy.copyRow}>
              Copy row
            </ContextMenu.Item>
          )}
          <ContextMenu.Item className="menu-item" onSelect={copy.copyTable}>
            Copy table
          </ContextMenu.Item>
          <ContextMenu.Item className="menu-item" onSelect={copy.saveCsv}>
            Export CSV
          </ContextMenu.Item>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  'Alt+ArrowUp': 'Alt ↑',
  'Alt+ArrowDown': 'Alt ↓',
};

function keyName(key: string): string {
  return KEY_NAMES[key] ?? key;
}
