import { stringify } from 'csv-stringify/sync';
import type { EpochMs } from '../../../shared/contract.ts';
import type { LedgerDatabase } from './database.ts';
import { CANDLE_EXPORT, EVENT_EXPORT, type ExportFormat } from './export-rows.ts';
import { readSnapshot } from './snapshot.ts';

/** What is to be exported. */
export type ExportRequest = {
  format: ExportFormat;
  since: EpochMs;
  /** Inclusive; `null`: all there is. */
  until: EpochMs | null;
} & ({ channel: string } | { all: true } | { candles: string });

/** The last millisecond of the year 9999. */
const LAST_TIME = 253_402_300_799_999;

/**
 * Hands on the events of a channel, of all channels, or the candles of a token, as CSV or NDJSON, in pieces of whole lines, no
 * faster than they are taken. It is one moment of the ledger, in a stable order: by channel, then as they stand in the
 * stream; candles by market, interval and time. Decimals and 64-bit numbers come as the ledger holds them.
 *
 * @param write takes a piece; answers false to end the export
 * @returns the number of rows handed on
 */
export async function exportRows(
  ledger: LedgerDatabase,
  request: ExportRequest,
  write: (piece: string) => Promise<boolean>,
): Promise<number> {
  const { format, since, until } = request;
  const kind = 'candles' in request ? CANDLE_EXPORT : EVENT_EXPORT;
  const chosen = 'candles' in request ? request.candles : 'channel' in request ? request.channel : null;
  const values: unknown[] = [since, until ?? LAST_TIME];
  if (chosen !== null) values.push(chosen);
  let count = 0;
  if (format === 'csv' && !(await write(csv([kind.columns])))) return 0;
  await readSnapshot(ledger, async snapshot => {
    for await (const rows of snapshot.pages<Record<string, string | null>>(
      kind.sql(chosen !== null),
      values,
    )) {
      const piece =
        format === 'csv'
          ? csv(rows.map(row => kind.columns.map(column => row[column] ?? '')))
          : rows.map(row => `${kind.line(row)}\n`).join('');
      count += rows.length;
      if (!(await write(piece))) return;
    }
  });
  return count;
}

/**
 * RFC 4180: CRLF, quotes doubled. A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab
 * or a carriage return) gets an apostrophe in front.
 */
function csv(records: readonly (readonly string[])[]): string {
  return stringify(
    records.map(record => [...record]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
}
