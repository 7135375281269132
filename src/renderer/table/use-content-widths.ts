import { useCallback, useEffect, useState, type RefObject } from 'react';
import type { Clock } from '../time/clock.ts';
import type { Column } from './column.ts';

/** How often the cells in sight are looked at. */
const LOOK_MS = 500;

const NONE: ReadonlyMap<string, number> = new Map();

/**
 * Keeps digits from being cut: a column whose title, or one of whose numbers in sight, is wider than the column becomes as
 * wide as that, and stays so while the columns are the same ones. It never becomes narrower again by itself, so that numbers
 * that change do not move their neighbours. Texts may be cut; their titles have all of them.
 *
 * @returns the width in px of a column: what `width` says, or what its numbers need
 */
export function useContentWidths(
  table: RefObject<HTMLTableElement | null>,
  columns: readonly Column<never>[],
  width: (id: string) => number,
  clock: Clock,
): (id: string) => number {
  const [needed, setNeeded] = useState({ columns, widths: NONE });
  // Other columns: what the ones before needed says nothing about them.
  const widths = needed.columns === columns ? needed.widths : NONE;
  useEffect(() => {
    const { current } = table;
    if (current === null) return undefined;
    const look = (): void => {
      // Letters of another font, shown until ours is there, say nothing about ours.
      if ('fonts' in document && document.fonts.status === 'loading') return;
      const found = tooWide(current, columns);
      if (found.size === 0) return;
      setNeeded(before => ({
        columns,
        widths: new Map([...(before.columns === columns ? before.widths : NONE), ...found]),
      }));
    };
    // Rows that come or go change the height of the table: they are looked at before they are painted.
    const observer = new ResizeObserver(look);
    observer.observe(current);
    const stop = clock.every(LOOK_MS, look);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [table, columns, clock]);
  return useCallback((id: string) => Math.max(width(id), widths.get(id) ?? 0), [width, widths]);
}

/** What the columns in sight need that cut a number or their title, px. */
function tooWide(table: HTMLTableElement, columns: readonly Column<never>[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (table.offsetWidth === 0) return found;
  const numbers = new Set(columns.filter(column => column.number === true).map(column => column.id));
  const look = (id: string, cell: HTMLElement, content: Element): void => {
    const over = content.scrollWidth - content.clientWidth;
    if (over > 0) found.set(id, Math.max(found.get(id) ?? 0, Math.ceil(cell.offsetWidth + over)));
  };
  for (const title of table.querySelectorAll<HTMLElement>('[data-title]'))
    look(title.dataset['title'] ?? '', title, title.firstElementChild ?? title);
  for (const cell of table.querySelectorAll<HTMLElement>('[data-column]')) {
    const id = cell.dataset['column'] ?? '';
    if (numbers.has(id)) look(id, cell, cell);
  }
  return found;
}
