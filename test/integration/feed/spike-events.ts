import type { NewEvent } from '../../../src/main/engine/events/event.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { testPool } from '../../support/redis-pool.ts';

export const EVENTS = 50_000;
/** Of each six events one is a price, three are trades and two positions, each in a channel of its own. */
export const CHANNELS = [
  'price-updates',
  'trade-events',
  'trades:user_0001',
  'trades:user_0002',
  'position-updates',
  'positions:user_0001',
];
const TOKENS = ['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY'];

export function channelOf(index: number): string {
  return CHANNELS[index % CHANNELS.length] ?? '';
}

export function eventIdOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function spikeEvent(index: number): NewEvent {
  const channel = channelOf(index);
  const token = TOKENS[Math.floor(index / CHANNELS.length) % TOKENS.length] ?? '';
  const timestamp = new Date().toISOString();
  const common = { channel, eventId: eventIdOf(index), source: 'spike' };
  if (channel === 'price-updates')
    return { ...common, type: 'price_update', data: { token, price: `${index + 1}`, timestamp } };
  if (channel.startsWith('trade')) {
    const pair = `${token}/USDC`;
    const data = {
      id: `t-${index}`,
      action: 'buy',
      token_pair: pair,
      amount: '12.5',
      price: '151.2',
      timestamp,
    };
    return { ...common, type: 'trade_executed', data };
  }
  return { ...common, type: 'position_update', data: { token, amount: `${index}`, pnl: '-3.25', timestamp } };
}

/** Publishes the spike at 50,000 events a second, or as fast as the machine can; answers how many ms that took. */
export async function publishSpike(socketPath: string): Promise<number> {
  const { pool, metrics } = testPool({ path: socketPath });
  await pool.ready(5_000);
  const publisher = createPublisher({ pool, clock: systemClock, metrics });
  const perStep = 600;
  const began = performance.now();
  for (let from = 0; from < EVENTS; from += perStep) {
    const events = Array.from({ length: Math.min(perStep, EVENTS - from) }, (_, index) =>
      spikeEvent(from + index),
    );
    // Each channel's events together and in order: one call of the script for each.
    await publisher.publishMany(CHANNELS.flatMap(name => events.filter(({ channel }) => channel === name)));
    const early = (from + perStep) / 50 - (performance.now() - began);
    if (early > 0) await new Promise(resolve => setTimeout(resolve, early));
  }
  const took = performance.now() - began;
  await pool.close();
  return took;
}
