import { expect, it } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import type { Router } from '../../../src/main/engine/events/router.ts';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';
import {
  createLedgeredRouter,
  type LedgeredRouterDeps,
} from '../../../src/main/engine/ledger/ledgered-router.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { code, HeldPublisher, note, RouterBench } from '../events/held-publisher.ts';

function bench(more: Partial<LedgeredRouterDeps> = {}) {
  const plain = new RouterBench();
  const strict = new HeldPublisher();
  const router: Router = createLedgeredRouter({
    ...{ plain: plain.publisher, strict, clock: plain.clock, metrics: plain.metrics, log: silentLogger },
    ...{ modeOf: channelModes(), random: () => 1 },
    ...more,
  });
  return {
    router,
    strict,
    plain: plain.publisher,
    ...{ clock: plain.clock, metrics: plain.metrics, bench: plain },
  };
}

const down = () => new TenhertzError('LEDGER_DOWN', 'The ledger cannot be used: nothing listens there.');
const fails = (router: Router): Promise<unknown> =>
  router.publish('trades:me', { ...note('x'), eventId: '0b9f4d0e-6c1a-4b57-9d2e-000000000001' }).then(
    () => 'published',
    (error: unknown) => error,
  );

it('strict channels go through the ledger, the others do not wait for them, and the numbers are those of both', async () => {
  const { router, strict, plain, bench: made } = bench();
  const trades = ['trade-events', 'trades:me'].map(channel => router.publish(channel, note('strict')));
  const prices = router.publish('ui-events', note('plain'));
  await made.settled();
  expect(router.stats()).toEqual({ inFlight: 3, queued: 0, waiting: 0 });
  expect((await made.metrics.routerInFlight.get()).values[0]?.value).toBe(3);
  plain.answer();
  expect(await code(prices)).toBe('resolved');
  expect(router.stats().inFlight).toBe(2);
  strict.answer();
  expect(await Promise.all(trades.map(code))).toEqual(['resolved', 'resolved']);
  expect([plain.written.length, strict.written.length]).toEqual([1, 2]);
});

it('everything is published plainly where there is no ledger by choice', async () => {
  const { router, plain, bench: made } = bench({ strict: undefined });
  plain.hold = false;
  expect(await router.publish('trades:me', note('x'))).toMatchObject({ sequence: 1, dropped: false });
  await made.settled();
  expect(router.stats()).toEqual({ inFlight: 0, queued: 0, waiting: 0 });
});

it('a strict publisher waits for the ledger, and is told when that takes too long', async () => {
  const { router, strict, clock } = bench();
  strict.hold = false;
  strict.fail = down;
  const told = fails(router);
  await clock.advance(29_000);
  expect(router.stats().queued).toBe(1);
  await clock.advance(3_000);
  const error = await told;
  expect(error).toMatchObject({ code: 'LEDGER_DOWN', exitCode: 4, facts: { channel: 'trades:me' } });
  expect(String(error)).toContain('nothing listens there');
  expect(String(error)).toContain('same event id');
});

it('a channel that refuses is told at once', async () => {
  const { router, strict, metrics } = bench({ policies: [{ pattern: 'trades:*', atLimit: 'refuse' }] });
  strict.hold = false;
  strict.fail = down;
  expect(await fails(router)).toMatchObject({ code: 'LEDGER_DOWN' });
  expect((await metrics.eventsDropped.get()).values).toMatchObject([
    { labels: { channel: 'trades:me', reason: 'ledger-down' }, value: 1 },
  ]);
});

it('an event that is recorded and not broadcast is not taken for a lost one', async () => {
  const failing = (error: Error): Promise<unknown> => {
    const { router, strict } = bench({ policies: [{ pattern: '*', atLimit: 'refuse' }] });
    strict.hold = false;
    strict.fail = () => error;
    return fails(router);
  };
  const eventId = '0b9f4d0e-6c1a-4b57-9d2e-000000000001';
  const events = [{ eventId, sequence: 7 }];
  expect(
    await failing(new TenhertzError('COMMITTED_NOT_PUBLISHED', 'no', { facts: { events } })),
  ).toMatchObject({ code: 'COMMITTED_NOT_PUBLISHED', facts: { channel: 'trades:me', eventId, sequence: 7 } });
  const bare = await failing(new TenhertzError('COMMITTED_NOT_PUBLISHED', 'no'));
  expect((bare as TenhertzError).facts).not.toHaveProperty('sequence');
  expect(await failing(new Error('something else'))).toMatchObject({ code: 'LEDGER_DOWN' });
});

it('closing it closes both', async () => {
  const { router } = bench();
  router.close();
  expect(await code(router.publish('trades:me', note('x')))).toBe('ROUTER_CLOSED');
  expect(await code(router.publish('ui-events', note('x')))).toBe('ROUTER_CLOSED');
});
