import type { EpochMs } from '../../shared/contract.ts';
import type { Column } from './column.ts';

/** A plain decimal of any sign: the only text beginning with a sign that a spreadsheet takes for a number. */
const DECIMAL = /^[-+]?\d+(\.\d+)?$/;
/** What a spreadsheet may take for a formula, at the beginning of a cell (OWASP, CSV injection; full-width forms included). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A text that no spreadsheet runs as a formula: such a one gets an apostrophe in front. Decimals are left as they are. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) && !DECIMAL.test(text) ? `'${text}` : text;
}

/** As much of a column as is written. */
export type Written<Row> = Pick<Column<Row>, 'title' | 'text'>;

/** Header and rows as comma-separated values (RFC 4180, CRLF), with a byte order mark so that Excel reads it as UTF-8. */
export async function toCsv<Row>(columns: readonly Written<Row>[], rows: readonly Row[]): Promise<string> {
  // Loaded when it is first needed: the monitor starts without it.
  const { stringify } = await import('csv-stringify/browser/esm/sync');
  const lines = rows.map(row => columns.map(column => guardFormula(column.text(row))));
  const header = columns.map(column => guardFormula(column.title));
  return stringify([header, ...lines], {
    record_delimiter: 'windows',
    bom: true,
    // By itself it quotes only whole ends of a line.
    quoted_match: /[\r\n]/,
  });
}

/** Rows with tabs between their cells, as spreadsheets take them from the clipboard; with `titles` a first line of them. */
export function toTsv<Row>(columns: readonly Written<Row>[], rows: readonly Row[], titles: boolean): string {
  const lines = rows.map(row => columns.map(column => flat(column.text(row))).join('\t'));
  return [...(titles ? [columns.map(column => flat(column.title)).join('\t')] : []), ...lines].join('\n');
}

/** A tab or a line's end in a cell would begin another one. */
function flat(text: string): string {
  return guardFormula(text).replace(/[\t\r\n]+/g, ' ');
}

/** `watchlist-2026-11-21T14-32-07Z.csv`: sorts by time and is a name on every system. */
export function fileName(label: string, at: EpochMs): string {
  const subject = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${subject}-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.csv`;
}

/** Hands a text to the browser as a file to keep. */
export function saveText(document: Document, name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the end of this task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
