import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { NewEvent } from '../../engine/events/event.ts';
import { createPublisher } from '../../engine/events/publisher.ts';
import { createSubscription } from '../../engine/events/subscription.ts';
import { keys } from '../../engine/redis/keys.ts';
import { compareRate, timed, type BenchResult, type Round } from './measure.ts';
import type { BenchParts } from './parts.ts';

const PER_ROUND = 10_000;
const PER_PIPELINE = 100;
const ROUNDS = 7;
const READ_COUNT = 100;
/** Its entries are what the readers are given. */
const TEMPLATE = 'bench-template';

/** Publish beside XADD, and consume beside XREADGROUP + XACK + JSON.parse, all in pipelines or reads of 100. */
export async function benchEvents(parts: BenchParts): Promise<BenchResult[]> {
  const publish = await compareRate(
    () => timed(PER_ROUND, () => publishOurs(parts, 'bench-publish')),
    () => timed(PER_ROUND, () => publishRaw(parts.raw)),
    ROUNDS,
  );
  await publishOurs(parts, TEMPLATE);
  const consume = await compareRate(
    round => consumeOurs(parts, `bench-ours-${round}`),
    round => consumeRaw(parts.raw, `bench-raw-${round}`),
    ROUNDS,
  );
  return [
    {
      name: 'publish',
      value: publish.ours,
      unit: 'events/s',
      baseline: publish.raw,
      ratio: publish.ours / publish.raw,
    },
    {
      name: 'consume',
      value: consume.ours,
      unit: 'events/s',
      baseline: consume.raw,
      ratio: consume.ours / consume.raw,
    },
  ];
}

function priceEvent(channel: string): NewEvent {
  const at = new Date().toISOString();
  const data = { token: 'SOL', price: '151.2348', timestamp: at, valid_until: at, source_time: null };
  return { channel, type: 'price_update', source: 'bench', data };
}

async function publishOurs({ pool, clock, metrics }: BenchParts, channel: string): Promise<void> {
  const publisher = createPublisher({ pool, clock, metrics });
  for (let sent = 0; sent < PER_ROUND; sent += PER_PIPELINE) {
    const pipeline = pool.shared().pipeline();
    const appended = Array.from({ length: PER_PIPELINE }, () =>
      publisher.append(pipeline, priceEvent(channel)),
    );
    const replies = (await pipeline.exec()) ?? [];
    appended.forEach((one, index) => one.read(replies[index] ?? [new Error('no answer'), null]));
  }
}

/** The same entry by plain XADD: no sequence, no broadcast, no check. */
async function publishRaw(raw: Redis): Promise<void> {
  for (let sent = 0; sent < PER_ROUND; sent += PER_PIPELINE) {
    const pipeline = raw.pipeline();
    for (let index = 0; index < PER_PIPELINE; index += 1) {
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
async function fill(raw: Redis, channel: string): Promise<void> {
  const copy = `
    for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[1])) do
      redis.call('XADD', KEYS[2], '*', unpack(entry[2]))
    end`;
  await raw.eval(copy, 2, keys.stream(TEMPLATE), keys.stream(channel), PER_ROUND);
}

/** Everything a desk does with an entry: decode any dialect, sequence, duplicates, apply, acknowledge. */
async function consumeOurs(parts: BenchParts, channel: string): Promise<Round> {
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
      if (applied >= PER_ROUND) end();
    },
  });
  subscription.start();
  while (subscription.status().state !== 'following') await setTimeout(5);
  await fill(parts.raw, channel);
  const round = await timed(PER_ROUND, () => all);
  await subscription.stop();
  return round;
}

async function consumeRaw(raw: Redis, channel: string): Promise<Round> {
  const stream = keys.stream(channel);
  await raw.xgroup('CREATE', stream, 'bench', '$', 'MKSTREAM');
  await fill(raw, channel);
  return timed(PER_ROUND, async () => {
    for (let done = 0; done < PER_ROUND;) {
      const reply = (await raw.xreadgroup(
        'GROUP',
        'bench',
        'raw',
        'COUNT',
        READ_COUNT,
        'STREAMS',
        stream,
        '>',
      )) as [string, [string, string[]][]][] | null;
      const entries = reply?.[0]?.[1] ?? [];
      if (entries.length === 0) throw new Error(`${stream} holds ${done} entries of ${PER_ROUND}`);
      for (const [, fields] of entries) JSON.parse(fields[fields.indexOf('data') + 1] ?? 'null');
      await raw.xack(stream, 'bench', ...entries.map(([id]) => id));
      done += entries.length;
    }
  });
}
