import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import { createView, shownToken } from '../../../src/renderer/state/view-store.ts';
import {
  LOST_AFTER_MS,
  SILENT_AFTER_MS,
  connectionAt,
  createVitals,
  readVitals,
  setVitals,
} from '../../../src/renderer/state/vitals.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';
import { NOON, priceOf, snapshotOf, statusOf } from './support.ts';

describe('the connection, judged by batches', () => {
  it('is live for a second after each batch, then reconnecting, then lost', () => {
    expect(connectionAt(NOON, 0, NOON + SILENT_AFTER_MS - 1)).toBe('live');
    expect(connectionAt(NOON, 0, NOON + SILENT_AFTER_MS)).toBe('reconnecting');
    expect(connectionAt(NOON, 0, NOON + LOST_AFTER_MS)).toBe('lost');
  });

  it('is connecting before the first batch, but not for ever', () => {
    expect(connectionAt(null, NOON, NOON + LOST_AFTER_MS - 1)).toBe('connecting');
    expect(connectionAt(null, NOON, NOON + LOST_AFTER_MS)).toBe('lost');
  });
});

describe('the vitals', () => {
  const screen = applyBatch(
    EMPTY_SCREEN,
    admit(
      snapshotOf({
        status: statusOf({ tokens: ['SOL', 'BONK', 'RAY', 'USDC'] }),
        prices: [
          priceOf({ token: 'SOL' }),
          priceOf({ token: 'BONK', validUntil: NOON + 9_000 }),
          priceOf({ token: 'RAY', timestamp: NOON - 3_000 }),
        ],
      }),
      new SeenIds(10),
    ),
    NOON,
  );
  const at = (now: number, selected: string | null = 'SOL') =>
    readVitals(screen, { startedAt: NOON, now, selected, screenHz: 10 });

  it('age by the clock alone, without any batch', () => {
    expect(at(NOON).counts).toEqual({ fresh: 2, delayed: 0, stale: 1, unavailable: 1 });
    expect(at(NOON + 2_001).counts).toEqual({ fresh: 0, delayed: 1, stale: 2, unavailable: 1 });
    expect([at(NOON).selected, at(NOON + 2_001).selected, at(NOON, null).selected]).toEqual([
      'fresh',
      'stale',
      'unavailable',
    ]);
  });

  it('are set only when they differ, and the counts keep their identity while they say the same', () => {
    const store = createVitals();
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    setVitals(store, at(NOON));
    const { counts } = store.getState();
    setVitals(store, at(NOON + 1));
    expect(changes).toBe(1);
    setVitals(store, { ...at(NOON), screenHz: 9 });
    expect(changes).toBe(2);
    expect(store.getState().counts).toBe(counts);
    setVitals(store, at(NOON + 2_001));
    expect(store.getState().counts).not.toBe(counts);
  });
});

describe('the token on the chart', () => {
  it('is the one chosen while it is on the watchlist, else the first', () => {
    expect(createView('dark').getState().selected).toBeNull();
    expect(shownToken({ selected: 'B' }, ['A', 'B'])).toBe('B');
    expect(shownToken({ selected: 'C' }, ['A', 'B'])).toBe('A');
    expect(shownToken({ selected: null }, [])).toBeNull();
  });
});
