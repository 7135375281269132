import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createPaperTrader, PAPER_CHANNELS } from '../../../src/main/engine/paper/paper-trader.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface Told {
  channel: string;
  type: string;
  source: string;
  data: Record<string, string>;
}

function desk(options: { price?: (token: string) => string | undefined; fails?: boolean } = {}) {
  const clock = new ManualClock();
  const told: Told[] = [];
  let turn = 0;
  const trader = createPaperTrader({
    clock,
    log: silentLogger,
    tokens: () => ['SOL', 'BONK'],
    price: options.price ?? (token => (token === 'SOL' ? '151.2348' : '0.000028712')),
    // An even spread that is the same in every run.
    random: () => (turn = (turn + 0.381_966) % 1),
    router: {
      publish(channel, event) {
        if (options.fails === true) return Promise.reject(new Error('away'));
        told.push({ channel, ...event });
        return Promise.resolve();
      },
    },
  });
  return { clock, told, trader };
}

test('trades and positions are published as another program would, labelled as simulated', async () => {
  const { clock, told, trader } = desk();
  trader.start();
  await clock.advance(60_000);
  trader.stop();
  const trades = told.filter(({ channel }) => channel === PAPER_CHANNELS.trades);
  expect(trades.length).toBeGreaterThan(20);
  expect(new Set(trades.map(({ data }) => data['action']))).toEqual(new Set(['buy', 'sell']));
  for (const { source, data } of told) {
    expect(source).toBe('simulated');
    expect(Number.isNaN(Date.parse(data['timestamp'] ?? ''))).toBe(false);
    expect(data['amount']).toMatch(/^\d+(\.\d+)?$/);
  }
});

test('amounts held are what was held before plus and minus what was traded', async () => {
  const { clock, told, trader } = desk();
  trader.start();
  await clock.advance(60_000);
  const held = new Map<string, Decimal>();
  for (const { channel, data } of told) {
    const token = data['token'] ?? data['token_pair']?.split('/')[0] ?? '';
    const amount = new Decimal(data['amount'] ?? 0);
    if (channel === PAPER_CHANNELS.positions) {
      if (held.has(token)) expect(amount.toFixed()).toBe(held.get(token)?.toFixed());
      held.set(token, amount);
    } else if (held.has(token)) {
      held.set(token, held.get(token)?.plus(data['action'] === 'buy' ? amount : amount.negated()) ?? amount);
    }
  }
  expect(held.size).toBe(2);
});

test('profit follows the price: nothing at first, then the difference to the average', async () => {
  let price = '100';
  const { clock, told, trader } = desk({ price: token => (token === 'SOL' ? price : undefined) });
  trader.start();
  await clock.advance(2_000);
  const first = told.filter(({ type }) => type === 'position_update').at(-1)?.data;
  expect(first?.['pnl']).toBe('0');
  price = '110';
  await clock.advance(2_000);
  const later = told.filter(({ type }) => type === 'position_update').at(-1)?.data;
  expect(Number(later?.['pnl'])).toBeGreaterThan(0);
});

test('without a price it does nothing, and after stop it leaves no timer', async () => {
  const { clock, told, trader } = desk({ price: () => undefined });
  trader.start();
  await clock.advance(10_000);
  expect(told).toEqual([]);
  trader.stop();
  expect(clock.pending).toBe(0);
});

test('a router that refuses does not stop it', async () => {
  const { clock, trader } = desk({ fails: true });
  trader.start();
  await clock.advance(10_000);
  expect(clock.pending).toBe(2);
  trader.stop();
});
