import type { TestLedger } from '../../support/ledger.ts';
import { toLedger } from './rows.ts';

export const AT = Date.parse('2026-11-20T10:00:00.000Z');

/** Every row of a table (with a condition, if given) as PostgreSQL writes it. */
export async function textOf(ledger: TestLedger, table: string): Promise<string[]> {
  const text = `SELECT t::text AS row FROM ${table.includes('WHERE') ? `(SELECT * FROM ${table})` : table} t ORDER BY 1`;
  return (await ledger.query<{ row: string }>({ text })).rows.map(({ row }) => row);
}

/** Events, counters, newest events and candles with digits no JavaScript number holds. */
export async function fill(ledger: TestLedger): Promise<void> {
  await toLedger(
    ledger,
    Array.from({ length: 2_500 }, (_, index) => ({
      ...{ channel: 'trade-events', id: `e${index}`, at: AT + index, sequence: index + 1 },
      data: { price: `0.0000${index}`, text: 'x'.repeat(index % 700) },
    })),
  );
  await ledger.query({
    text: `
    INSERT INTO event_log (event_id, channel, sequence, event_type, source, occurred_at, received_at, data) VALUES
      ('digits', 'trade-events', 9007199254740993, 'a "type"', 'b\\ü😀', '2026-11-20T10:00:00.123456Z', '2026-11-20T10:00:00Z',
       '{"a":"0.000000001234567890123456789","b":123456789012345678901234567890.5,"c":1e-9,"text":"line\u2028end\\n"}'),
      ('outbox', 'trade-events', 9007199254740994, 't', 's', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', 'null')`,
  });
  await ledger.query({ text: `INSERT INTO channel VALUES ('trade-events', 3, 9007199254740994)` });
  await ledger.query({
    text: `INSERT INTO latest_event VALUES ('prices:btc', 'price_update', 'BTC', 'x', NULL, 's', now(), '{"price":1.0000000000000000000001}', 1, 2)`,
  });
  await ledger.query({
    text: `INSERT INTO candle VALUES ('live', 'BONK', '1m', 60000, 0.000012300, 1e-18, 12345678901234567890.123456789, 1, NULL)`,
  });
}
