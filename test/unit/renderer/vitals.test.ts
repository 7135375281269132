import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
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
  const at = (now: number) => readVitals(screen, { startedAt: NOON, now, screenHz: 10 });

  it('age by the clock alone, without any batch', () => {
    expect(at(NOON).counts).toEqual({ fresh: 2, delayed: 0, stale: 1, unavailable: 1 });
    expect(at(NOON + 2_001).counts).toEqual({ fresh: 0, delayed: 1, stale: 2, unavailable: 1 });
    expect(Object.fromEntries(at(NOON + 2_001).freshness)).toEqual({
      SOL: 'stale',
      BONK: 'delayed',
      RAY: 'stale',
      USDC: 'unavailable',
    });
  });

  it('are set only when they differ, and the counts keep their identity while they say the same', () => {
    const store = createVitals();
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    setVitals(store, at(NOON));
    const { counts, freshness } = store.getState();
    setVitals(store, at(NOON + 1));
    expect(changes).toBe(1);
    setVitals(store, { ...at(NOON), screenHz: 9 });
    expect(changes).toBe(2);
    expect(store.getState().counts).toBe(counts);
    expect(store.getState().freshness).toBe(freshness);
    setVitals(store, at(NOON + 2_001));
    expect(store.getState().counts).not.toBe(counts);
    expect(store.getState().freshness).not.toBe(freshness);
  });
});
