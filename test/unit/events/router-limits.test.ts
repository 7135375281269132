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
