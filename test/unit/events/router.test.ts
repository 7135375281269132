import { randomUUID } from 'node:crypto';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { code, note, price, RouterBench, texts } from './held-publisher.ts';

let bench: RouterBench;
let publisher: RouterBench['publisher'];
let clock: RouterBench['clock'];
beforeEach(() => {
  bench = new RouterBench();
  ({ publisher, clock } = bench);
});

const router: RouterBench['router'] = more => bench.router(more);
const settled = (): Promise<void> => bench.settled();
const droppedTotal = (): Promise<unknown> => bench.dropped();

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
    expect(await bench.metrics.routerInFlight.get()).toMatchObject({ values: [{ value: 3 }] });
    expect(await bench.metrics.routerQueued.get()).toMatchObject({ values: [{ value: 3 }] });
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

  it('what was not answered goes again before what came after it', async () => {
    const { publish } = router();
    const first = publish('trade-events', note('a'));
    await settled();
    const second = publish('trade-events', note('b'));
    publisher.fail = down;
    publisher.hold = false;
    publisher.answer();
    await clock.advance(10);
    publisher.fail = undefined;
    await clock.advance(1_000);
    await Promise.all([first, second]);
    expect(texts(publisher.written)).toEqual(['a', 'b']);
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
      const bad = texts(events).find(text => failing.has(text));
      return bad === undefined ? undefined : failing.get(bad);
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
