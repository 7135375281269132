import type { EpochMs, FeedEvent } from '../../../src/shared/contract.ts';
import { MARKETS, priceAt } from './market.ts';

const SIZES: Readonly<Record<string, number>> = {
  SOL: 22,
  USDC: 3_000,
  BONK: 90_000_000,
  JitoSOL: 9,
  RAY: 800,
};

/** The invented trade with this number: mostly SOL, of uneven size, a large one now and then. */
export function tradeEvent(number: number, at: EpochMs): FeedEvent {
  const pick = [0, 0, 0, 3, 0, 4, 0, 2][number % 8] ?? 0;
  const market = MARKETS[pick] ?? MARKETS[0];
  const token = market?.token ?? 'SOL';
  const spread = ((number * 7919) % 997) / 997;
  const size = (SIZES[token] ?? 1) * (number % 9 === 2 ? 2.4 : 0.01 + spread * spread);
  const channel = ['trade-events', 'trades:user_0001', 'trades:user_0002'][number % 3] ?? 'trade-events';
  return {
    eventId: `trade-${number}`,
    channel,
    type: 'trade_executed',
    source: 'bot',
    timestamp: at,
    sequence: number,
    data: {
      id: `t${number}`,
      action: (number * 31) % 7 < 4 ? 'buy' : 'sell',
      token_pair: `${token}/USDC`,
      amount: number % 5 === 0 ? Number(size.toFixed(3)) : size.toFixed(token === 'BONK' ? 0 : 3),
      price: market === undefined ? '1' : priceAt(market, at),
      timestamp: new Date(at).toISOString(),
    },
  };
}

/** Four positions as a trader would have them; they move a little with `number`. */
export function positionEvents(number: number, at: EpochMs): FeedEvent[] {
  const wave = Math.sin(number / 7) * 4;
  return [
    position('SOL', '212.500', (1_137.69 + wave).toFixed(2), at, number),
    position('JitoSOL', '40', (152.05 + wave / 3).toFixed(2), at - 2_000, number),
    position('BONK', '182000000', '-5.57', at - 41_000, number),
    position('RAY', '-1150.00', (-0.11 + wave / 90).toFixed(2), at - 130_000, number),
  ];
}

function position(token: string, amount: string, pnl: string, at: EpochMs, number: number): FeedEvent {
  return {
    eventId: `position-${token}-${number}`,
    channel: token === 'RAY' ? 'positions:user_0002' : 'positions:user_0001',
    type: 'position_update',
    source: 'bot',
    timestamp: at,
    sequence: number,
    data: { token, amount, pnl, timestamp: new Date(at).toISOString() },
  };
}

/** What three other programs say about themselves. */
export function statusEvents(at: EpochMs): FeedEvent[] {
  const say = (component: string, status: string, message: string | null, age: number): FeedEvent => ({
    eventId: `status-${component}-${at}`,
    channel: 'system:events',
    type: 'system_status',
    source: component,
    timestamp: at - age,
    sequence: null,
    data: { component, status, message, timestamp: new Date(at - age).toISOString() },
  });
  return [
    say('supervisor', 'healthy', 'three workers, no restarts', 4_000),
    say('mev-bot', 'degraded', 'Jupiter quotes are slow: p95 840 ms', 22_000),
    say('settlement', 'offline', 'stopped for maintenance', 420_000),
  ];
}
