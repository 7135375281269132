import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/shared/contract.ts';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import {
  CLOCK_SAMPLES,
  EMPTY_SCREEN,
  SECONDS_KEPT,
  TRADES_KEPT,
  TRAIL_KEPT,
  engineNow,
  type ScreenState,
} from '../../../src/renderer/state/screen-state.ts';
import { filterNewest } from '../../../src/renderer/state/log.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';
import { NOON, barOf, batchOf, eventOf, priceOf, snapshotOf, statusOf } from './support.ts';

function play(batches: Batch[], seen = new SeenIds(100), from: ScreenState = EMPTY_SCREEN): ScreenState {
  return batches.reduce((state, batch) => applyBatch(state, admit(batch, seen), batch.at), from);
}

/** Ids of the trades on the tape, oldest first. */
function tape(state: ScreenState): string[] {
  return filterNewest(state.trades, () => true)
    .map(trade => trade.eventId)
    .reverse();
}

describe('applying batches', () => {
  it('takes prices by token, the newest of each', () => {
    const state = play([
      snapshotOf({ prices: [priceOf({ price: '1' }), priceOf({ token: 'BONK', price: '2' })] }),
      batchOf({ seq: 2, prices: [priceOf({ price: '3' })] }),
    ]);
    expect([...state.prices].map(([token, { price }]) => [token, price])).toEqual([
      ['SOL', '3'],
      ['BONK', '2'],
    ]);
    expect(state.seq).toBe(2);
  });

  it('lets a snapshot replace everything known, counters aside', () => {
    const first = play([
      snapshotOf({
        prices: [priceOf()],
        events: [eventOf('a')],
        bars: [{ token: 'SOL', ...barOf(NOON, '1') }],
        missed: 2,
      }),
    ]);
    const state = play(
      [snapshotOf({ seq: 9, status: statusOf({ tokens: ['RAY'] }), missed: 3 })],
      new SeenIds(9),
      first,
    );
    expect(state.prices.size).toBe(0);
    expect(state.bars.size).toBe(0);
    expect(tape(state)).toEqual([]);
    expect(state.tokens).toEqual(['RAY']);
    expect(state.generation).toBe(2);
    expect(state.missed).toBe(5);
  });

  it('changes nothing in the state it was given', () => {
    const before = play([snapshotOf({ prices: [priceOf()], bars: [{ token: 'SOL', ...barOf(NOON, '1') }] })]);
    const copy = structuredClone(before);
    play(
      [batchOf({ seq: 2, prices: [priceOf({ price: '9' })], bars: [{ token: 'SOL', ...barOf(NOON, '9') }] })],
      new SeenIds(9),
      before,
    );
    expect(before).toEqual(copy);
  });

  it('keeps a status until the next one comes, and the list of tokens itself while it says the same', () => {
    const first = play([snapshotOf()]);
    const quiet = play([batchOf({ seq: 2 })], new SeenIds(9), first);
    expect(quiet.status).toBe(first.status);
    const again = play([batchOf({ seq: 3, status: statusOf({ at: NOON + 500 }) })], new SeenIds(9), quiet);
    expect(again.tokens).toBe(first.tokens);
    expect(again.trail.map(point => point.at)).toEqual([NOON, NOON + 500]);
  });

  it('leaves maps alone that a batch does not touch, so that nothing is drawn for it', () => {
    const first = play([snapshotOf({ prices: [priceOf()], bars: [{ token: 'SOL', ...barOf(NOON, '1') }] })]);
    const next = play([batchOf({ seq: 2 })], new SeenIds(9), first);
    expect(next.prices).toBe(first.prices);
    expect(next.bars).toBe(first.bars);
    expect(next.trades).toBe(first.trades);
    expect(next.trail).toBe(first.trail);
  });

  it('merges bars into the second they belong to and forgets the oldest', () => {
    const many = Array.from({ length: SECONDS_KEPT + 5 }, (_, index) => ({
      token: 'SOL',
      ...barOf(NOON + index * 1000, String(index)),
    }));
    const state = play([
      snapshotOf({ bars: many }),
      batchOf({ seq: 2, bars: [{ token: 'SOL', ...barOf(NOON + (SECONDS_KEPT + 4) * 1000, 'changed') }] }),
    ]);
    const bars = state.bars.get('SOL') ?? [];
    expect(bars).toHaveLength(SECONDS_KEPT);
    expect(bars.at(-1)?.close).toBe('changed');
    expect(bars[0]?.close).toBe('5');
    expect(bars[0]).not.toHaveProperty('token');
  });

  it('keeps trades in order, statuses for the curves, and both bounded', () => {
    const ids = Array.from({ length: TRADES_KEPT + 600 }, (_, index) => `e${index}`);
    const state = play(
      [
        snapshotOf(),
        batchOf({ seq: 2, events: ids.slice(0, 5_300).map(id => eventOf(id)) }),
        batchOf({ seq: 3, events: ids.slice(5_300).map(id => eventOf(id)) }),
        ...Array.from({ length: TRAIL_KEPT + 3 }, (_, index) =>
          batchOf({ seq: 4 + index, status: statusOf() }),
        ),
      ],
      new SeenIds(10_000),
    );
    expect(state.trades.size).toBeGreaterThanOrEqual(TRADES_KEPT);
    expect(state.trades.size).toBeLessThan(TRADES_KEPT + 256);
    expect(tape(state)).toEqual(ids.slice(-state.trades.size));
    expect(state.trades.total).toBe(ids.length);
    expect(state.trail).toHaveLength(TRAIL_KEPT);
  });

  it('remembers the most decimals a price had', () => {
    const state = play([
      snapshotOf({ prices: [priceOf({ price: '151.2348' })] }),
      batchOf({ seq: 2, prices: [priceOf({ price: '151.2' })] }),
    ]);
    expect(state.decimals.get('SOL')).toBe(4);
  });
});

describe('events painted before', () => {
  it('are dropped and counted, prices and events alike', () => {
    const again = batchOf({
      seq: 2,
      prices: [priceOf({ price: '5', eventId: 'p' })],
      events: [eventOf('a')],
    });
    const state = play([again, { ...again, seq: 3, prices: [priceOf({ price: '6', eventId: 'p' })] }]);
    expect(state.duplicates).toBe(2);
    expect(tape(state)).toEqual(['a']);
    expect(state.prices.get('SOL')?.price).toBe('5');
  });

  it('are noticed within one snapshot too', () => {
    const state = play([snapshotOf({ events: [eventOf('a'), eventOf('a')] })]);
    expect(tape(state)).toEqual(['a']);
    expect(state.duplicates).toBe(1);
  });

  it('are remembered no longer than the memory is large', () => {
    const batches = ['a', 'b', 'c', 'a'].map((id, index) =>
      batchOf({ seq: index + 1, events: [eventOf(id)] }),
    );
    expect(play(batches, new SeenIds(2)).duplicates).toBe(0);
    expect(play(batches, new SeenIds(3)).duplicates).toBe(1);
  });
});

describe("the engine's clock", () => {
  it('is judged by the batch that travelled fastest', () => {
    let state = EMPTY_SCREEN;
    const seen = new SeenIds(10);
    for (const [at, arrived] of [
      [1_000, 5_300],
      [1_100, 5_110],
      [1_200, 5_900],
    ] as const) {
      state = applyBatch(state, admit(batchOf({ at }), seen), arrived);
    }
    expect(engineNow(state, 6_000)).toBe(6_000 - 4_010);
  });

  it('is local time before the first batch, starts over with a snapshot, and forgets old batches', () => {
    expect(engineNow(EMPTY_SCREEN, 77)).toBe(77);
    const seen = new SeenIds(10);
    let state = applyBatch(EMPTY_SCREEN, admit(batchOf({ at: 100 }), seen), 0);
    state = applyBatch(state, admit(snapshotOf({ at: 50 }), seen), 0);
    expect(engineNow(state, 0)).toBe(50);
    for (let count = 0; count < CLOCK_SAMPLES; count += 1) {
      state = applyBatch(state, admit(batchOf({ at: 10 }), seen), 0);
    }
    expect(state.clockSamples).toHaveLength(CLOCK_SAMPLES);
    expect(engineNow(state, 0)).toBe(10);
  });
});
