import type { Place } from './column.ts';

/** A key with what is held down beside it. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Where a key leads from `place`; `null` when it means nothing here. Up and down go from row to row (or cell to cell of a
 * column), right goes into the cells of a row and along them, left goes back and out again. Home and End go to the first and
 * last cell, from a row (or with Ctrl) to the first and last row; Page keys move by `page` rows.
 */
export function placeAfter(
  key: Key,
  place: Place,
  size: { rows: number; columns: number; page: number },
): Place | null {
  if (key.altKey || key.metaKey || key.shiftKey) return null;
  const { row, column } = place;
  const to = (target: number): Place => ({ row: Math.max(0, Math.min(size.rows - 1, target)), column });
  const across = (target: number): Place => ({
    row,
    column: Math.max(-1, Math.min(size.columns - 1, target)),
  });
  const jump = key.ctrlKey || column < 0;
  if (key.key === 'Home') return jump ? to(0) : across(0);
  if (key.key === 'End') return jump ? to(size.rows - 1) : across(size.columns - 1);
  if (key.ctrlKey) return null;
  if (key.key === 'ArrowDown') return to(row + 1);
  if (key.key === 'ArrowUp') return to(row - 1);
  if (key.key === 'PageDown') return to(row + size.page);
  if (key.key === 'PageUp') return to(row - size.page);
  if (key.key === 'ArrowRight') return across(column + 1);
  return key.key === 'ArrowLeft' ? across(column - 1) : null;
}

/** Opens the menu: Shift+F10, or the key made for it. */
export function opensMenu(key: Pick<Key, 'key' | 'shiftKey'>): boolean {
  return key.key === 'ContextMenu' || (key.key === 'F10' && key.shiftKey);
}
