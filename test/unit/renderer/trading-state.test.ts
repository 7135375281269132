import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import {
  COMPONENTS_KEPT,
  mergeComponents,
  toneOfStatus,
} from '../../../src/renderer/state/component-status.ts';
import { POSITIONS_KEPT, mergePositions, ownerOf } from '../../../src/renderer/state/position.ts';
import { markOf } from '../../../src/shared/pair.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import { tradeOf } from '../../../src/renderer/state/trade.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';
import { NOON, batchOf, eventOf, positionEventOf, priceOf, snapshotOf, tradeEventOf } from './support.ts';

describe('reading a trade', () => {
  it('takes decimals as strings or numbers, exactly', () => {
    const text = tradeOf(tradeEventOf('a', { amount: '0.1', price: '0.2' }));
    expect(text.notional?.toFixed()).toBe('0.02');
    const number = tradeOf(tradeEventOf('b', { amount: 3, price: 1.5e-7 }));
    expect([number.amount, number.price, number.notional?.toFixed()]).toEqual([
      '3',
      '0.00000015',
      '0.00000045',
    ]);
    expect(tradeOf(tradeEventOf('c', { amount: '-4' })).notional?.toFixed()).toBe('606');
  });

  it('knows the side whatever its case, and keeps another word', () => {
    const side = (action: unknown): unknown[] => {
      const trade = tradeOf(tradeEventOf('a', { action }));
      return [trade.side, trade.action];
    };
    expect(side('BUY')).toEqual(['buy', 'BUY']);
    expect(side('Sell')).toEqual(['sell', 'Sell']);
    expect(side('swap')).toEqual([null, 'swap']);
    expect(side(undefined)).toEqual([null, '—']);
  });

  it('sizes trades in dollars only', () => {
    const size = (amount: string, pair = 'SOL/USDC'): string =>
      tradeOf(tradeEventOf('a', { amount, price: '1', token_pair: pair })).size;
    expect([size('99.99'), size('100'), size('4999.99'), size('5000')]).toEqual([
      'small',
      'ordinary',
      'ordinary',
      'large',
    ]);
    expect(size('9000', 'SOL/BONK')).toBe('ordinary');
    expect(size('9000', 'SOL')).toBe('large');
    expect(size('9000', 'SOL-USD')).toBe('large');
  });

  it('shows what is there when its producer left the rest out', () => {
    for (const data of [{}, null, 'text', [1], { amount: 'a lot', price: { no: 1 }, token_pair: '  ' }]) {
      const trade = tradeOf(eventOf('a', { data }));
      expect([trade.pair, trade.amount, trade.price, trade.notional, trade.size]).toEqual([
        '—',
        null,
        null,
        null,
        'ordinary',
      ]);
    }
    expect(tradeOf(tradeEventOf('a', { amount: '1'.repeat(80) })).amount).toBeNull();
    expect(tradeOf(tradeEventOf('a', { token_pair: 'x'.repeat(500) })).pair).toHaveLength(128);
    expect(tradeOf(tradeEventOf('a', { token_pair: 7 })).pair).toBe('7');
  });
});

describe('positions', () => {
  const known = mergePositions(new Map(), [positionEventOf('SOL', { amount: '1' }, { timestamp: NOON })]);
  const amount = (positions: ReadonlyMap<string, { amount: string | null }>): unknown[] =>
    [...positions.values()].map(position => position.amount);

  it('keep the newest of each token in each channel', () => {
    const merged = mergePositions(known, [
      positionEventOf('SOL', { amount: '2' }, { timestamp: NOON + 1 }),
      positionEventOf('SOL', { amount: '3' }, { timestamp: NOON, channel: 'positions:user_0002' }),
      positionEventOf('RAY', { amount: '4' }),
    ]);
    expect(amount(merged)).toEqual(['2', '3', '4']);
    expect(amount(known)).toEqual(['1']);
    expect(mergePositions(known, [])).toBe(known);
  });

  it('are not set back by one that comes late', () => {
    expect(
      amount(mergePositions(known, [positionEventOf('SOL', { amount: '2' }, { timestamp: NOON - 1 })])),
    ).toEqual(['1']);
    const same = (sequence: number | null): unknown[] =>
      amount(mergePositions(known, [positionEventOf('SOL', { amount: '2' }, { timestamp: NOON, sequence })]));
    expect(same(0)).toEqual(['1']);
    expect(same(2)).toEqual(['2']);
    expect(same(null)).toEqual(['2']);
  });

  it('are bounded', () => {
    const many = Array.from({ length: POSITIONS_KEPT + 3 }, (_, index) => positionEventOf(`T${index}`));
    const merged = mergePositions(new Map(), many);
    expect(merged.size).toBe(POSITIONS_KEPT);
    expect([...merged.values()][0]?.token).toBe('T3');
  });

  it('are marked to their token, or to the first part of a pair against dollars', () => {
    const prices = new Map([['SOL', priceOf()]]);
    expect(markOf(prices, 'SOL')?.price).toBe('151.2348');
    expect(markOf(prices, 'SOL/USDC')?.price).toBe('151.2348');
    expect(markOf(prices, 'SOL/BONK')).toBeUndefined();
    expect([ownerOf('positions:user_0001'), ownerOf('position-updates')]).toEqual([
      'user_0001',
      'position-updates',
    ]);
  });
});

describe('components', () => {
  const say = (
    status: string,
    timestamp: number,
    component: string | undefined = 'bot',
  ): ReturnType<typeof eventOf> =>
    eventOf(`${status}-${timestamp}`, {
      type: 'system_status',
      timestamp,
      source: 'sender',
      data: { component, status, message: 'words' },
    });

  it('keep the newest status of each, by its own time', () => {
    const known = mergeComponents(new Map(), [say('healthy', 5), say('down', 3), say('slow', 9, 'other')]);
    expect([...known.values()].map(({ component, status }) => [component, status])).toEqual([
      ['bot', 'healthy'],
      ['other', 'slow'],
    ]);
    expect(mergeComponents(known, [])).toBe(known);
    const bare = mergeComponents(new Map(), [eventOf('x', { source: 'sender', data: {} })]);
    expect([...bare.values()][0]).toMatchObject({ component: 'sender', status: 'no status', message: null });
    const many = Array.from({ length: COMPONENTS_KEPT + 2 }, (_, index) => say('ok', 1, `c${index}`));
    expect(mergeComponents(new Map(), many).size).toBe(COMPONENTS_KEPT);
  });

  it('have a tone for the words people use and none for others', () => {
    expect(['ok', 'STARTING', 'degraded', 'offline', 'purple'].map(toneOfStatus)).toEqual([
      'good',
      'busy',
      'warn',
      'bad',
      'off',
    ]);
  });
});

describe('a batch with trades, positions and statuses', () => {
  const apply = (state: typeof EMPTY_SCREEN, batch: ReturnType<typeof batchOf>): typeof EMPTY_SCREEN =>
    applyBatch(state, admit(batch, new SeenIds(9_000)), NOON);

  it('goes to tape, positions and components; unknown types to none of them', () => {
    const state = apply(
      EMPTY_SCREEN,
      snapshotOf({
        positions: [positionEventOf('SOL', { amount: '7' }, { timestamp: NOON + 5 })],
        events: [
          tradeEventOf('t1', {}, { channel: 'trades:user_0001' }),
          positionEventOf('SOL', { amount: '6' }),
          eventOf('u', { type: 'order_cancelled' }),
          eventOf('s', { type: 'system_status', data: { component: 'bot', status: 'ok' } }),
        ],
      }),
    );
    expect(state.trades.total).toBe(1);
    expect([...state.tradeChannels]).toEqual(['trades:user_0001']);
    expect([...state.positions.values()][0]?.amount).toBe('7');
    expect([...state.components.keys()]).toEqual(['bot']);
    const next = apply(state, batchOf({ events: [tradeEventOf('t2', {}, { channel: 'trades:user_0001' })] }));
    expect(next.tradeChannels).toBe(state.tradeChannels);
    expect(next.positions).toBe(state.positions);
    expect(next.components).toBe(state.components);
    const anew = apply(next, snapshotOf());
    expect([anew.trades.size, anew.positions.size, anew.components.size]).toEqual([0, 0, 0]);
  });

  it('remembers that the list started anew, and how much was missed', () => {
    const state = apply(apply(EMPTY_SCREEN, snapshotOf()), snapshotOf({ missed: 9 }));
    expect(state.startedAnew).toEqual({ generation: 2, missed: 9 });
    expect(apply(state, batchOf()).startedAnew).toBe(state.startedAnew);
  });

  it('copies next to nothing of what is there: a thousand trades leave every full piece of the tape alone', () => {
    const batch = (from: number): ReturnType<typeof batchOf> =>
      batchOf({ events: Array.from({ length: 1_000 }, (_, index) => tradeEventOf(`t${from + index}`)) });
    const before = [0, 1, 2, 3].reduce((state, step) => apply(state, batch(step * 1_000)), EMPTY_SCREEN);
    const after = apply(before, batch(4_000));
    const kept = after.trades.pieces.filter(piece => before.trades.pieces.includes(piece));
    expect(kept).toHaveLength(before.trades.pieces.length - 1);
  });
});
