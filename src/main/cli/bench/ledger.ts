import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { TenhertzError } from '../../engine/errors.ts';
import type { StreamEvent } from '../../engine/events/event.ts';
import { createPublisher } from '../../engine/events/publisher.ts';
import type { Router } from '../../engine/events/router.ts';
import { createBringUp } from '../../engine/ledger/bring-up.ts';
import { channelModes } from '../../engine/ledger/channel-modes.ts';
import { createLedgeredRouter } from '../../engine/ledger/ledgered-router.ts';
import { createMarks } from '../../engine/ledger/mark.ts';
import { createRecorder } from '../../engine/ledger/recorder.ts';
import { createStrictPublisher } from '../../engine/ledger/strict-publisher.ts';
import type { BenchLedger } from './ledger-server.ts';
import { compareRate, timed, type BenchResult } from './measure.ts';
import type { BenchParts } from './parts.ts';

const FLUSH_WITHIN_MS = 60_000;
/** Rows the plain client writes with one statement. */
const PER_INSERT = 1_000;

/**
 * Publishing to a strict channel, by one publisher that waits for each event and by many at once, both beside a plain client
 * that does the same to the ledger: one transaction an event, which takes the channel's next number and inserts the row. The
 * broadcast that follows is ours alone. `strict_publish_bare` is beside the least a client can do, one statement that inserts a
 * row without a number. And recording what was published, beside a plain client's multi-row inserts.
 */
export async function benchLedger(parts: BenchParts, ledger: BenchLedger): Promise<BenchResult[]> {
  const { rounds, single, concurrent, rows } = parts.sizes.ledger;
  const { raw } = ledger;
  await raw.query('CREATE TABLE bench_raw (LIKE event_log INCLUDING ALL)');
  const { router, end } = openRouter(parts, ledger);
  try {
    const one = await compareRate(
      () => timed(single, () => publishEach(router, single)),
      () => timed(single, () => commitEach(raw, single)),
      rounds,
    );
    const bare = await compareRate(
      () => timed(single, () => publishEach(router, single)),
      () => timed(single, () => insertEach(raw, single)),
      rounds,
    );
    const many = await compareRate(
      () => timed(concurrent, () => publishAll(router, concurrent)),
      () => timed(single, () => commitEach(raw, single)),
      rounds,
    );
    const recorded = await compareRate(
      round => recordAll(parts, ledger, recordings(round, rows)),
      round => insertMany(raw, recordings(round, rows)),
      rounds,
    );
    return [
      rate('strict_publish', 'events/s', one),
      rate('strict_publish_bare', 'events/s', bare),
      rate('strict_publish_many', 'events/s', many),
      rate('confirm_insert', 'rows/s', recorded),
    ];
  } finally {
    await end();
  }
}

function rate(name: string, unit: string, { ours, raw }: { ours: number; raw: number }): BenchResult {
  return { name, value: ours, unit, baseline: raw, ratio: ours / raw };
}

function openRouter(
  parts: BenchParts,
  { database }: BenchLedger,
): { router: Router; end: () => Promise<void> } {
  const { clock, log, metrics } = parts;
  const marks = createMarks({ database, clock, log });
  const bringUp = createBringUp({ ...parts, database, marks });
  const strict = createStrictPublisher({ ...parts, database, marks, bringUp });
  const modeOf = channelModes();
  const router = createLedgeredRouter({ plain: createPublisher(parts), strict, modeOf, clock, log, metrics });
  const end = async (): Promise<void> => {
    router.close();
    strict.stop();
    await marks.flush();
    marks.stop();
  };
  return { router, end };
}

const TRADE = { id: 't1', action: 'buy', token_pair: 'SOL/USDC', amount: '12.5', price: '151.2348' };

async function publishOne(router: Router): Promise<void> {
  const sent = await router.publish('trade-events', { type: 'trade_executed', source: 'bench', data: TRADE });
  if (sent.dropped) throw new TenhertzError('INTERNAL', 'A trade was dropped.');
}

async function publishEach(router: Router, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await publishOne(router);
}

async function publishAll(router: Router, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => publishOne(router)));
}

/** An event at a time, each a transaction of its own. */
async function commitEach(raw: pg.Client, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await raw.query('BEGIN');
    const { rows } = await raw.query<{ last_sequence: string }>({
      name: 'bench-number',
      text: `INSERT INTO channel (channel, last_sequence) VALUES ('raw', 1)
        ON CONFLICT (channel) DO UPDATE SET last_sequence = channel.last_sequence + 1 RETURNING last_sequence`,
    });
    await raw.query({
      name: 'bench-commit',
      text: `INSERT INTO bench_raw (event_id, channel, sequence, event_type, source, occurred_at, data) VALUES ($1, 'raw', $2, $3, $4, $5, $6)`,
      values: [
        randomUUID(),
        rows[0]?.last_sequence,
        'trade_executed',
        'bench',
        new Date(),
        JSON.stringify(TRADE),
      ],
    });
    await raw.query('COMMIT');
  }
}

/** A row at a time, each a transaction by itself. */
async function insertEach(raw: pg.Client, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await raw.query({
      name: 'bench-insert',
      text: `INSERT INTO bench_raw (event_id, channel, event_type, source, occurred_at, data) VALUES ($1, 'raw', $2, $3, $4, $5)`,
      values: [randomUUID(), 'trade_executed', 'bench', new Date(), JSON.stringify(TRADE)],
    });
  }
}

/** Prices as a desk reads them. */
function recordings(round: number, count: number): StreamEvent[] {
  const at = Date.now();
  const data = { token: 'SOL', price: '151.2348', timestamp: new Date(at).toISOString() };
  return Array.from({ length: count }, (_unused, index) => ({
    channel: `prices:bench-${round}`,
    entryId: `${at}-${index}`,
    entryTime: at,
    eventId: randomUUID(),
    type: 'price_update',
    source: 'bench',
    timestamp: at,
    sequence: index + 1,
    data,
    text: JSON.stringify(data),
  }));
}

async function recordAll(parts: BenchParts, { database }: BenchLedger, events: StreamEvent[]) {
  const recorder = createRecorder({
    ...parts,
    database,
    modeOf: channelModes(),
    maxEvents: events.length + 1,
  });
  const round = await timed(events.length, async () => {
    recorder.add(events);
    await recorder.flush(FLUSH_WITHIN_MS);
  });
  const left = recorder.stats().unconfirmed;
  recorder.stop();
  if (left > 0) throw new TenhertzError('INTERNAL', `${left} events were not recorded.`);
  return round;
}

function insertMany(raw: pg.Client, events: StreamEvent[]) {
  return timed(events.length, async () => {
    for (let from = 0; from < events.length; from += PER_INSERT) {
      const some = events.slice(from, from + PER_INSERT);
      await raw.query({
        name: 'bench-insert-many',
        text: `INSERT INTO bench_raw (event_id, channel, sequence, event_type, source, occurred_at, data)
          SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[])`,
        values: [
          some.map(({ eventId }) => eventId),
          some.map(({ channel }) => channel),
          some.map(({ sequence }) => sequence),
          some.map(({ type }) => type),
          some.map(({ source }) => source),
          some.map(({ timestamp }) => new Date(timestamp)),
          some.map(({ data }) => JSON.stringify(data)),
        ],
      });
    }
  });
}
