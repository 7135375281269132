/** How an export is written. */
export type ExportFormat = 'csv' | 'ndjson';

/** A row of an export: every value as text, exactly as PostgreSQL writes it. */
type TextRow = Readonly<Record<string, string | null>>;

/** What can be exported. */
export interface ExportKind {
  /** Names of the columns, in order. */
  columns: readonly string[];
  /** The rows between $1 and $2 (epoch ms), and of $3 when one is `chosen`. */
  sql: (chosen: boolean) => string;
  /** A row as one JSON object. */
  line: (row: TextRow) => string;
}

/** RFC 3339 in UTC, to the microsecond where there are any. */
const time = (column: string): string =>
  `replace(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '000Z', 'Z')`;

/** Events: the members of a replay's line, and then what only the ledger knows. */
export const EVENT_EXPORT: ExportKind = {
  columns: [
    ...['channel', 'event_id', 'sequence_number', 'event_type', 'source', 'timestamp', 'id', 'data'],
    ...['epoch', 'received_at', 'confirmed_at', 'published_at'],
  ],
  sql: chosen => `
    SELECT channel, event_id, sequence::text AS sequence_number, event_type, source, ${time('occurred_at')} AS timestamp,
           stream_id AS id, data::text AS data, epoch::text AS epoch, ${time('received_at')} AS received_at,
           ${time('confirmed_at')} AS confirmed_at, ${time('published_at')} AS published_at
    FROM event_log WHERE position_ms BETWEEN $1 AND $2 ${chosen ? 'AND channel = $3' : ''}
    ORDER BY ${chosen ? '' : 'channel,'} position_ms, position_seq, event_id`,
  // Numbers and data go in as they are: through JavaScript's numbers they would lose digits.
  line: row =>
    members([
      ['event_id', text(row['event_id'])],
      ['event_type', text(row['event_type'])],
      ['channel', text(row['channel'])],
      ['source', text(row['source'])],
      ['timestamp', text(row['timestamp'])],
      ['sequence_number', row['sequence_number'] ?? 'null'],
      ['id', text(row['id'])],
      ['data', row['data'] ?? 'null'],
      ['epoch', row['epoch'] ?? 'null'],
      ['received_at', text(row['received_at'])],
      ['confirmed_at', text(row['confirmed_at'])],
      ['published_at', text(row['published_at'])],
    ]),
};

const PRICES = ['open', 'high', 'low', 'close', 'volume'];

/** Candles of a token. Prices are decimals, as texts. */
export const CANDLE_EXPORT: ExportKind = {
  columns: ['market', 'token', 'interval', 'time', ...PRICES],
  sql: () => `
    SELECT market, token, interval, ${time('to_timestamp(time / 1000.0)')} AS time,
           ${PRICES.map(column => `${column}::text AS ${column}`).join(', ')}
    FROM candle WHERE time BETWEEN $1 AND $2 AND token = $3
    ORDER BY market, candle.interval, candle.time`,
  line: row => members(CANDLE_EXPORT.columns.map(column => [column, text(row[column])])),
};

function members(list: readonly (readonly [name: string, json: string])[]): string {
  return `{${list.map(([name, json]) => `"${name}":${json}`).join(',')}}`;
}

function text(value: string | null | undefined): string {
  return JSON.stringify(value ?? null);
}
