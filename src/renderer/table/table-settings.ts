import type { Column } from './column.ts';

/** What a table keeps in the settings of its pane. */
export interface TableSettings {
  /** `price desc`; empty: in the order the rows come in. */
  sort: string;
  /** Columns from left to right; ones it does not name follow in their own order. */
  order: string[];
  hidden: string[];
  /** Widths in px of the columns that were made wider or narrower. */
  widths: Record<string, number>;
}

/** Settings before anybody changes them. Call it once per kind of table, outside components. */
export function tableDefaults(hidden: readonly string[] = []): TableSettings {
  return { sort: '', order: [], hidden: [...hidden], widths: {} };
}

/** Whether kept settings are of the right shape inside; see `usePaneSettings`. */
export function acceptTableSettings({ order, hidden, widths }: TableSettings): boolean {
  const names = [...order, ...hidden] as unknown[];
  const sizes = Object.values(widths) as unknown[];
  return names.every(one => typeof one === 'string') && sizes.every(one => Number.isFinite(one));
}

/** Narrower than this a column shows nothing. */
export const NARROWEST = 36;
export const WIDEST = 800;

/** A column and a direction. */
export interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

/** Reads `price desc`; `null` for no order, or one of a column that is not there (any more) or does not sort. */
export function readSort<Row>(kept: string, columns: readonly Column<Row>[]): Sort | null {
  const [id = '', direction] = kept.split(' ');
  const sorts = columns.some(column => column.id === id && column.compare !== undefined);
  return sorts ? { id, desc: direction === 'desc' } : null;
}

/** What a click on a header makes of the order: first way, other way, none. Numbers begin with the largest. */
export function nextSort<Row>(kept: string, column: Column<Row>): string {
  const [first, second] = column.number === true ? ['desc', 'asc'] : ['asc', 'desc'];
  if (kept === `${column.id} ${first}`) return `${column.id} ${second}`;
  return kept === `${column.id} ${second}` ? '' : `${column.id} ${first}`;
}

/** Every column in the order they stand, hidden ones included. */
export function inOrder<Row>(columns: readonly Column<Row>[], order: readonly string[]): Column<Row>[] {
  const named = order.flatMap(id => columns.find(column => column.id === id) ?? []);
  return [...named, ...columns.filter(column => !order.includes(column.id))];
}

/** The order after `id` has moved by `steps` among the columns that are shown. */
export function moveColumn<Row>(
  columns: readonly Column<Row>[],
  settings: Pick<TableSettings, 'order' | 'hidden'>,
  id: string,
  steps: number,
): string[] {
  const all = inOrder(columns, settings.order).map(column => column.id);
  const shown = all.filter(one => !settings.hidden.includes(one));
  const from = shown.indexOf(id);
  const target = shown[Math.max(0, Math.min(shown.length - 1, from + steps))];
  if (from < 0 || target === undefined || target === id) return all;
  const rest = all.filter(one => one !== id);
  const at = rest.indexOf(target) + (steps > 0 ? 1 : 0);
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}

/** The columns there is room for: what is worth least goes first. `room` 0 is not measured yet. */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  width: (id: string) => number,
  room: number,
): readonly Column<Row>[] {
  let kept = columns;
  const total = (): number => kept.reduce((sum, { id }) => sum + width(id), 0);
  if (room === 0) return kept;
  for (let over = total() > room; over; over = total() > room) {
    const least = Math.max(...kept.map(column => column.drop ?? 0));
    if (least <= 0) break;
    const gone = kept.findLast(column => column.drop === least);
    kept = kept.filter(column => column !== gone);
  }
  return kept;
}

/** A width within reason. */
export function fitWidth(width: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
}
