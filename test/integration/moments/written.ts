import { randomUUID } from 'node:crypto';
import type { LedgerDatabase } from '../../../src/main/engine/ledger/database.ts';
import { keys } from '../../../src/main/engine/redis/keys.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';

/** A moment some minutes ago; entries are written with ids around it. */
export const T = Date.now() - 600_000;

/** An event as it stands in stream or ledger. */
export interface Written {
  channel: string;
  at: number;
  type: string;
  data: Record<string, unknown>;
  source?: string;
  eventId?: string;
}

export const price = (token: string, at: number, value: string): Written => ({
  channel: 'price-updates',
  at,
  type: 'price_update',
  data: { token, price: value, timestamp: at },
});
export const trade = (id: string, at: number): Written => ({
  channel: 'trades:user_0001',
  at,
  type: 'trade_executed',
  data: { id, action: 'buy', token_pair: 'SOL/USDC', amount: '1', price: '150' },
});
export const position = (token: string, at: number, amount: string): Written => ({
  channel: 'positions:user_0001',
  at,
  type: 'position_update',
  data: { token, amount, pnl: '0' },
});
export const status = (component: string, at: number, word: string): Written => ({
  channel: 'system:events',
  at,
  type: 'system_status',
  data: { component, status: word, message: '' },
});
export const CHANNELS = ['price-updates', 'trades:user_0001', 'positions:user_0001', 'system:events'];

let order = 0;

/** Writes it into its stream, with an entry id of its time. */
export async function toStream(pool: RedisPool, event: Written): Promise<void> {
  order += 1;
  const { channel, at, type, data, source = 'kraken', eventId = randomUUID() } = event;
  const fields = { event_id: eventId, event_type: type, source, data: JSON.stringify(data) };
  await pool
    .shared()
    .xadd(
      keys.stream(channel),
      `${at}-${order}`,
      ...Object.entries(fields).flat(),
      'timestamp',
      new Date(at).toISOString(),
    );
}

/** Writes it into the ledger as it is once it was broadcast. */
export async function toLedger(database: LedgerDatabase, event: Written): Promise<void> {
  order += 1;
  const { channel, at, type, data, source = 'kraken', eventId = randomUUID() } = event;
  const time = new Date(at);
  await database.query({
    text: `INSERT INTO event_log (event_id, channel, event_type, source, occurred_at, received_at, data, stream_id,
             published_at, position_ms, position_seq) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $5, $8, $9)`,
    values: [eventId, channel, type, source, time, JSON.stringify(data), `${at}-${order}`, at, order],
  });
  if (type === 'position_update')
    await database.query({
      text: `INSERT INTO latest_event (channel, event_type, token, event_id, source, occurred_at, data, position_ms, position_seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      values: [channel, type, data['token'], eventId, source, time, JSON.stringify(data), at, order],
    });
}
