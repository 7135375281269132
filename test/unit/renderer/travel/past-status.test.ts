import { expect, test } from 'vitest';
import type { Moment } from '../../../../src/shared/moments.ts';
import { pastStatus } from '../../../../src/renderer/travel/past-status.ts';
import { eventOf, NOON, priceOf } from '../support.ts';

const momentOf = (over: Partial<Moment>): Moment => ({
  at: NOON,
  prices: [],
  events: [],
  positions: [],
  books: [],
  statuses: [],
  note: null,
  ...over,
});
const report = (id: string, data: object, source = 'tenhertz:desk-1') =>
  eventOf(id, { type: 'system_status', source, timestamp: NOON - 9_000, data });

test('the health of then is what the desk noted', () => {
  const status = pastStatus(
    momentOf({
      statuses: [
        report('1', { component: 'redis', status: 'down', message: 'It was away.', facts: { latencyMs: 3 } }),
        report('2', {
          component: 'source:kraken',
          status: 'silent',
          message: '',
          facts: { vouching: 1, asked: 5 },
        }),
        report('3', {
          component: 'ledger',
          status: 'up',
          message: '',
          facts: { outbox: 2, unconfirmed: 4, lost: 1 },
        }),
      ],
    }),
  );
  expect(status.redis).toMatchObject({
    state: 'down',
    message: 'It was away.',
    latencyMs: 3,
    since: NOON - 9_000,
  });
  expect(status.sources).toMatchObject([
    { name: 'kraken', state: 'silent', vouching: 1, asked: 5, message: null },
  ]);
  expect(status.ledger).toMatchObject({ state: 'up', outbox: 2, unconfirmed: 4, lost: 1 });
});

test('what was not noted, or by another program, is unknown', () => {
  const status = pastStatus(
    momentOf({ statuses: [report('1', { component: 'redis', status: 'up' }, 'mev-bot')] }),
  );
  expect(status.redis).toMatchObject({ state: 'down', message: 'Nothing was noted about it at this time.' });
  expect(status.updater).toMatchObject({ state: 'stopped', everyMs: 0 });
});

test.each([
  [['kraken'], 'live'],
  [['kraken', 'recorded:coinbase'], 'recorded'],
  [['kraken', 'simulated'], 'simulated'],
] as const)('prices of %j make the market %s', (sources, mode) => {
  const prices = sources.map((source, index) => priceOf({ token: `T${index}`, source }));
  expect(pastStatus(momentOf({ prices })).mode).toBe(mode);
});

test('a report that makes no sense is taken for none', () => {
  const odd = [
    report('1', { component: 'redis', status: 7, facts: 'many' }),
    report('2', { component: 'ledger' }),
  ];
  const { redis, ledger } = pastStatus(momentOf({ statuses: odd }));
  expect(redis).toMatchObject({ state: 'down', latencyMs: null });
  expect(ledger).toMatchObject({ state: 'down', outbox: 0 });
});
