import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import type { NewEvent, Published } from '../../../src/main/engine/events/event.ts';
import { createRouter, type RouterDeps } from '../../../src/main/engine/events/router.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A publisher that answers when the test says so: a real one cannot be held at its limit. */
class HeldPublisher {
  readonly calls: NewEvent[][] = [];
  readonly written: NewEvent[] = [];
  readonly #held: (() => void)[] = [];
  hold = true;
  fail: ((events: readonly NewEvent[]) => Error | undefined) | undefined;

  publish = async (event: NewEvent): Promise<Published> => (await this.publishMany([event]))[0] as Published;

  publishMany = async (events: readonly NewEvent[]): Promise<Published[]> => {
    this.calls.push([...events]);
    if (this.hold) await new Promise<void>(resolve => this.#held.push(resolve));
    const error = this.fail?.(events);
    if (error !== undefined) throw error;
    return events.map(event => {
      this.written.push(event);
      const sequence = this.written.filter(({ channel }) => channel === event.channel).length;
      return {
        eventId: event.eventId ?? '',
        sequence,
        entryId: `1-${this.written.length}`,
        duplicate: false,
      };
    });
  };

  /** Answers the calls that wait. */
  answer(): void {
    for (const go of this.#held.splice(0)) go();
  }
}

let clock: ManualClock;
let metrics: Metrics;
let publisher: HeldPublisher;
beforeEach(() => {
  clock = new ManualClock();
  metrics = createMetrics();
  publisher = new HeldPublisher();
});

const router = (more: Partial<RouterDeps> = {}) =>
  createRouter({ publisher, clock, metrics, log: silentLogger, random: () => 1, ...more });
const price = (token: string, value = '1') => ({
  type: 'price_update' as const,
  source: 'test',
  data: { token, price: value },
});
const note = (text: string) => ({ type: 'note', source: 'test', data: { text } });
const texts = (events: readonly NewEvent[]): unknown[] =>
  events.map(
    ({ data }) => (data as { text?: unknown; price?: unknown }).text ?? (data as { price?: unknown }).price,
  );
const settled = (): Promise<void> => clock.advance(0);
const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof TenhertzError ? error.code : error),
  );
const droppedTotal = async (): Promise<unknown> =>
  (await metrics.eventsDropped.get()).values.map(({ labels, value }) => ({ ...labels, value }));

describe('the way through the router', () => {
  it('sends what was published in one turn together, and what came meanwhile with the next batch', async () => {
    const { publish, stats } = router();
    const first = [publish('ui-events', note('a')), publish('ui-events', note('b'))];
    await settled();
    const later = [publish('ui-events', note('c')), publish('ui-events', note('d'))];
    await settled();
    expect(publisher.calls.map(texts)).toEqual([['a', 'b']]);
    expect(stats()).toEqual({ inFlight: 2, queued: 2, waiting: 0 });
    publisher.answer();
    await settled();
    expect(publisher.calls.map(texts)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    publisher.answer();
    expect((await Promise.all([...first, ...later])).map(one => !one.dropped && one.sequence)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(stats()).toEqual({ inFlight: 0, queued: 0, waiting: 0 });
    expect(clock.pending).toBe(0);
  });

  it('lets channels take turns and holds to its limits', async () => {
    const { publish, stats } = router({ maxInFlight: 3, maxBatch: 2 });
    const all = ['a', 'b', 'c'].flatMap(text => [publish('x', note(text)), publish('y', note(text))]);
    await settled();
    expect(stats()).toMatchObject({ inFlight: 3, queued: 3 });
    expect(await metrics.routerInFlight.get()).toMatchObject({ values: [{ value: 3 }] });
    expect(await metrics.routerQueued.get()).toMatchObject({ values: [{ value: 3 }] });
    for (let turn = 0; turn < 6; turn += 1) {
      publisher.answer();
      await settled();
      expect(stats().inFlight).toBeLessThanOrEqual(3);
    }
    await Promise.all(all);
    for (const channel of ['x', 'y'])
      expect(texts(publisher.written.filter(event => event.channel === channel))).toEqual(['a', 'b', 'c']);
  });

  it('gives an event id that stays when the event is sent again', async () => {
    publisher.hold = false;
    const { publish } = router();
    const made = await publish('ui-events', note('a'));
    expect(made.eventId).toMatch(/^[0-9a-f-]{36}$/);
    const eventId = randomUUID();
    expect(await publish('ui-events', { ...note('b'), eventId })).toMatchObject({ eventId, dropped: false });
  });

  it('refuses what cannot be published before it takes any room', async () => {
    const { publish, stats } = router();
    await expect(publish('a b', note('x'))).rejects.toMatchObject({
      code: 'BAD_EVENT',
      facts: { field: 'channel' },
    });
    await expect(publish('price-updates', price('SOL', '-1'))).rejects.toMatchObject({
      code: 'BAD_EVENT',
      facts: { field: 'data.price' },
    });
    expect(stats()).toEqual({ inFlight: 0, queued: 0, waiting: 0 });
    expect(publisher.calls).toEqual([]);
  });
});

describe('at the limit', () => {
  const tight = { maxInFlight: 1, maxQueued: 2 };

  it('"wait" waits for room, in order, and then goes on', async () => {
    const { publish, stats } = router(tight);
    const all = ['a', 'b', 'c', 'd', 'e'].map(text => publish('trade-events', note(text)));
    await settled();
    expect(stats()).toEqual({ inFlight: 1, queued: 2, waiting: 2 });
    publisher.hold = false;
    publisher.answer();
    await Promise.all(all);
    expect(texts(publisher.written)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await droppedTotal()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('"wait" gives up after its time, which is counted', async () => {
    const { publish, stats } = router({
      ...tight,
      policies: [{ pattern: 'trade*', atLimit: 'wait', timeoutMs: 500 }],
    });
    for (const text of ['a', 'b', 'c']) void publish('trade-events', note(text));
    await settled();
    const late = code(publish('trade-events', note('d')));
    await clock.advance(499);
    expect(stats().waiting).toBe(1);
    await clock.advance(1);
    expect(await late).toBe('ROUTER_BUSY');
    expect(await droppedTotal()).toEqual([{ channel: 'trade-events', reason: 'timeout', value: 1 }]);
    expect(stats().waiting).toBe(0);
  });

  it('"refuse" refuses at once, which is counted', async () => {
    const { publish } = router({ ...tight, policies: [{ pattern: 'ui-events', atLimit: 'refuse' }] });
    for (const text of ['a', 'b', 'c']) {
      void publish('ui-events', note(text));
      await settled();
    }
    expect(await code(publish('ui-events', note('d')))).toBe('ROUTER_REFUSED');
    expect(await droppedTotal()).toEqual([{ channel: 'ui-events', reason: 'refused', value: 1 }]);
  });

  it('prices drop the oldest price of the same token that waits, and nothing else', async () => {
    const { publish } = router(tight);
    const sent = publish('price-updates', price('SOL', '1'));
    await settled();
    const old = publish('price-updates', price('SOL', '2'));
    const other = publish('price-updates', price('BONK', '3'));
    const newest = publish('price-updates', price('SOL', '4'));
    expect(await old).toMatchObject({ dropped: true });
    const evenNewer = publish('price-updates', price('SOL', '5'));
    expect(await newest).toMatchObject({ dropped: true });
    publisher.hold = false;
    publisher.answer();
    await Promise.all([sent, other, evenNewer]);
    expect(texts(publisher.written)).toEqual(['1', '3', '5']);
    expect(await droppedTotal()).toEqual([{ channel: 'price-updates', reason: 'oldest-price', value: 2 }]);
  });

  it('a price without an older one of its token waits, as does anything else on a price channel', async () => {
    const { publish, stats } = router(tight);
    const first = [publish('prices:sol', price('SOL')), publish('ui-events', note('a'))];
    await settled();
    const more = [
      publish('ui-events', note('b')),
      publish('prices:sol', price('BONK')),
      publish('prices:sol', note('x')),
    ];
    await settled();
    expect(stats()).toMatchObject({ queued: 2, waiting: 2 });
    // The one that waits for room gives way too.
    const newer = publish('prices:sol', price('BONK', '9'));
    expect(await more[1]).toMatchObject({ dropped: true });
    publisher.hold = false;
    publisher.answer();
    await Promise.all([...first, ...more, newer]);
    expect(publisher.written).toHaveLength(5);
  });

  it('only price channels can drop prices', () => {
    expect(() => router({ policies: [{ pattern: 'trades:*', atLimit: 'drop-oldest-price' }] })).toThrow(
      expect.objectContaining({ code: 'BAD_POLICY', exitCode: 3 }),
    );
  });
});

describe('while Redis is away', () => {
  const down = (): TenhertzError => new TenhertzError('REDIS_DOWN', 'away', { exitCode: 4 });

  it('"wait" waits and resumes by itself, in order', async () => {
    publisher.hold = false;
    publisher.fail = down;
    const { publish, stats } = router();
    const all = ['a', 'b', 'c'].map(text => publish('trade-events', note(text)));
    await clock.advance(3_000);
    expect(stats()).toMatchObject({ inFlight: 0, queued: 3 });
    const [first, second] = publisher.calls;
    expect(first?.map(event => event.eventId)).toEqual(second?.map(event => event.eventId));
    all.push(publish('trade-events', note('d')));
    publisher.fail = undefined;
    await clock.advance(1_000);
    await Promise.all(all);
    expect(texts(publisher.written)).toEqual(['a', 'b', 'c', 'd']);
    expect(clock.pending).toBe(0);
  });

  it('says REDIS_DOWN when it was away too long, and that it is not known what became of the event', async () => {
    publisher.hold = false;
    publisher.fail = down;
    const { publish } = router({ policies: [{ pattern: '*', atLimit: 'wait', timeoutMs: 2_000 }] });
    const sent = code(publish('trade-events', note('a')));
    await clock.advance(1_000);
    const queued = code(publish('ui-events', note('b')));
    await clock.advance(4_000);
    expect([await sent, await queued]).toEqual(['REDIS_DOWN', 'REDIS_DOWN']);
  });

  it('"refuse" does not wait for it', async () => {
    publisher.hold = false;
    publisher.fail = down;
    const { publish } = router({ policies: [{ pattern: '*', atLimit: 'refuse' }] });
    expect(await code(publish('ui-events', note('a')))).toBe('REDIS_DOWN');
    expect(await droppedTotal()).toEqual([{ channel: 'ui-events', reason: 'redis-down', value: 1 }]);
  });

  it('what Redis refuses for good is rejected, and the others of its batch go through', async () => {
    publisher.hold = false;
    const refusal = (answered: boolean, message: string): TenhertzError =>
      new TenhertzError('PUBLISH_FAILED', message, { facts: { answered }, cause: new Error(message) });
    const failing = new Map([['b', refusal(true, 'WRONGTYPE')]]);
    publisher.fail = events => {
      const bad = texts(events).find(text => failing.has(String(text)));
      return bad === undefined ? undefined : failing.get(String(bad));
    };
    const { publish } = router();
    const all = ['a', 'b', 'c'].map(text => code(publish('ui-events', note(text))));
    expect(await Promise.all(all)).toEqual(['resolved', 'PUBLISH_FAILED', 'resolved']);

    failing.set('d', refusal(true, 'LOADING data'));
    const loading = publish('ui-events', note('d'));
    await settled();
    failing.set('d', refusal(false, 'Connection is closed.'));
    await clock.advance(60);
    failing.clear();
    await clock.advance(200);
    expect(await loading).toMatchObject({ dropped: false });
  });

  it('close rejects what was not handed over and leaves no timer', async () => {
    publisher.fail = down;
    const { publish, close } = router({ maxInFlight: 1, maxQueued: 1 });
    const all = ['a', 'b', 'c'].map(text => code(publish('ui-events', note(text))));
    await settled();
    close();
    publisher.answer();
    expect(await Promise.all(all)).toEqual(['ROUTER_CLOSED', 'ROUTER_CLOSED', 'ROUTER_CLOSED']);
    expect(await code(publish('ui-events', note('d')))).toBe('ROUTER_CLOSED');
    expect(clock.pending).toBe(0);
  });
});
