import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { TenhertzError } from '../../engine/errors.ts';
import type { NewEvent } from '../../engine/events/event.ts';
import { createPublisher } from '../../engine/events/publisher.ts';
import { createSubscription } from '../../engine/events/subscription.ts';
import { keys } from '../../engine/redis/keys.ts';
import { compareRate, timed, type BenchResult, type Round } from './measure.ts';
import type { BenchParts } from './parts.ts';

/** Events in one pipeline, and in one read. */
const PER_TRIP = 100;
/** Prices of one tick: the default watchlist. */
const PER_TICK = 5;
/** Its entries are what the readers are given. */
const TEMPLATE = 'bench-template';

/**
 * Publish beside XADD, and consume beside XREADGROUP + XACK + JSON.parse, all in pipelines or reads of 100. `publish` is what
 * the updater does: one call of the script per tick of five prices. `publish_single` is one call per event.
 */
export async function benchEvents(parts: BenchParts): Promise<BenchResult[]> {
  const { perRound, rounds } = parts.sizes.events;
  const publish = (perCall: number): Promise<{ ours: number; raw: number }> =>
    compareRate(
      () => timed(perRound, () => publishOurs(parts, 'bench-publish', perCall)),
      () => timed(perRound, () => publishRaw(parts.raw, perRound)),
      rounds,
    );
  const ticks = await publish(PER_TICK);
  const single = await publish(1);
  await publishOurs(parts, TEMPLATE, PER_TRIP);
  const consume = await compareRate(
    round => consumeOurs(parts, `bench-ours-${round}`),
    round => consumeRaw(parts.raw, `bench-raw-${round}`, perRound),
    rounds,
  );
  return [rate('publish', ticks), rate('publish_single', single), rate('consume', consume)];
}

function rate(name: string, { ours, raw }: { ours: number; raw: number }): BenchResult {
  return { name, value: ours, unit: 'events/s', baseline: raw, ratio: ours / raw };
}

function priceEvent(channel: string): NewEvent {
  const at = new Date().toISOString();
  const data = { token: 'SOL', price: '151.2348', timestamp: at, valid_until: at, source_time: null };
  return { channel, type: 'price_update', source: 'bench', data };
}

async function publishOurs(
  { pool, clock, metrics, sizes }: BenchParts,
  channel: string,
  perCall: number,
): Promise<void> {
  const publisher = createPublisher({ pool, clock, metrics });
  for (let sent = 0; sent < sizes.events.perRound; sent += PER_TRIP) {
    const pipeline = pool.shared().pipeline();
    const appended = Array.from({ length: PER_TRIP / perCall }, () =>
      publisher.appendMany(
        pipeline,
        Array.from({ length: perCall }, () => priceEvent(channel)),
      ),
    );
    const replies = (await pipeline.exec()) ?? [];
    const refused = appended.flatMap(one => one.read(replies)).find(one => one instanceof TenhertzError);
    if (refused !== undefined) throw refused;
  }
}

/** The same entry by plain XADD: no sequence, no broadcast, no check. */
async function publishRaw(raw: Redis, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += PER_TRIP) {
    const pipeline = raw.pipeline();
    for (let index = 0; index < PER_TRIP; index += 1) {
      const event = priceEvent('');
      pipeline.xadd(
        'bench-raw',
        'MAXLEN',
        '~',
        10_000,
        '*',
        ...['event_id', randomUUID(), 'event_type', event.type, 'source', event.source],
        ...[
          'timestamp',
          new Date().toISOString(),
          'sequence_number',
          '1',
          'data',
          JSON.stringify(event.data),
        ],
      );
    }
    await pipeline.exec();
  }
}

/**
 * Copies the template's entries into a channel's stream in one step of the server, so that a reader finds all of them at
 * once and writing them is no part of its time.
 */
async function fill(raw: Redis, channel: string, count: number): Promise<void> {
  const copy = `
    for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[1])) do
      redis.call('XADD', KEYS[2], '*', unpack(entry[2]))
    end`;
  await raw.eval(copy, 2, keys.stream(TEMPLATE), keys.stream(channel), count);
}

/** Everything a desk does with an entry: decode any dialect, sequence, duplicates, apply, acknowledge. */
async function consumeOurs(parts: BenchParts, channel: string): Promise<Round> {
  const { perRound } = parts.sizes.events;
  let applied = 0;
  let end = (): void => undefined;
  const all = new Promise<void>(resolve => (end = resolve));
  const subscription = createSubscription({
    ...parts,
    group: 'bench',
    consumer: 'bench',
    channels: [channel],
    apply(events) {
      applied += events.length;
      if (applied >= perRound) end();
    },
  });
  subscription.start();
  while (subscription.status().state !== 'following') await setTimeout(5);
  await fill(parts.raw, channel, perRound);
  const round = await timed(perRound, () => all);
  await subscription.stop();
  return round;
}

async function consumeRaw(raw: Redis, channel: string, count: number): Promise<Round> {
  const stream = keys.stream(channel);
  await raw.xgroup('CREATE', stream, 'bench', '$', 'MKSTREAM');
  await fill(raw, channel, count);
  return timed(count, async () => {
    for (let done = 0; done < count;) {
      const reply = (await raw.xreadgroup(
        'GROUP',
        'bench',
        'raw',
        'COUNT',
        PER_TRIP,
        'STREAMS',
        stream,
        '>',
      )) as [string, [string, string[]][]][] | null;
      const entries = reply?.[0]?.[1] ?? [];
      if (entries.length === 0) throw new Error(`${stream} holds ${done} entries of ${count}`);
      for (const [, fields] of entries) JSON.parse(fields[fields.indexOf('data') + 1] ?? 'null');
      await raw.xack(stream, 'bench', ...entries.map(([id]) => id));
      done += entries.length;
    }
  });
}
