import { expect, test } from 'vitest';
import type { StatusView } from '../../../src/shared/contract.ts';
import type { OutgoingEvent } from '../../../src/main/engine/events/router.ts';
import { componentsOf, startStatusJournal } from '../../../src/main/engine/health/status-journal.ts';
import { createLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { sourceStatus, statusView } from '../gateway/fake-engine.ts';

function start(options: { fail?: () => boolean } = {}) {
  const clock = new ManualClock();
  let status: StatusView = statusView();
  const told: { channel: string; component: string; status: string; source: string }[] = [];
  const stop = startStatusJournal({
    clock,
    log: createLogger('silent'),
    source: 'tenhertz:desk-1',
    status: () => status,
    publish: (channel: string, event: OutgoingEvent) => {
      if (options.fail?.() === true) return Promise.reject(new Error('Redis is away'));
      const data = event.data as { component: string; status: string };
      told.push({ channel, source: event.source, component: data.component, status: data.status });
      return Promise.resolve();
    },
  });
  return { clock, told, stop, set: (next: StatusView) => (status = next), now: () => status };
}

/** Lets promises that are settled already run. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('every component is told once at first, on the channel of system events', async () => {
  const journal = start();
  await journal.clock.advance(1_000);
  await settle();
  expect(journal.told.map(({ component }) => component)).toEqual(
    componentsOf(journal.now()).map(({ component }) => component),
  );
  expect(new Set(journal.told.map(({ channel }) => channel))).toEqual(new Set(['system:events']));
  expect(journal.told[0]?.source).toBe('tenhertz:desk-1');
  journal.stop();
});

test('afterwards only what changed is told, at the next look', async () => {
  const journal = start();
  await journal.clock.advance(1_000);
  await settle();
  journal.told.length = 0;
  await journal.clock.advance(5_000);
  await settle();
  expect(journal.told).toEqual([]);
  journal.set(
    statusView({ sources: [{ ...sourceStatus('kraken'), state: 'silent', message: 'nothing heard' }] }),
  );
  await journal.clock.advance(1_000);
  await settle();
  expect(journal.told).toMatchObject([{ component: 'source:kraken', status: 'silent' }]);
  journal.stop();
});

test('everything is told again after a minute, so that any moment has a recent report before it', async () => {
  const journal = start();
  await journal.clock.advance(1_000);
  await settle();
  journal.told.length = 0;
  await journal.clock.advance(60_000);
  await settle();
  expect(journal.told.length).toBe(componentsOf(journal.now()).length);
  journal.stop();
});

test('what could not be published is told as it is then, once Redis answers again', async () => {
  let away = true;
  const journal = start({ fail: () => away });
  await journal.clock.advance(3_000);
  await settle();
  expect(journal.told).toEqual([]);
  away = false;
  await journal.clock.advance(1_000);
  await settle();
  expect(journal.told.length).toBe(componentsOf(journal.now()).length);
  journal.stop();
});

test('nothing is told after the end', async () => {
  const journal = start();
  journal.stop();
  await journal.clock.advance(120_000);
  await settle();
  expect(journal.told).toEqual([]);
});
