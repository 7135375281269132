import { describe, expect, it } from 'vitest';
import { createCandles } from '../../../src/main/engine/feed/candles.ts';
import { seedHistory } from '../../../src/main/engine/seed-history.ts';
import { createSimulatedSource } from '../../../src/main/engine/sources/simulated.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { fakeSource } from '../updater/fake-source.ts';

const HOUR_MS = 3_600_000;

describe('history at the start', () => {
  it('fills the chart of every interval from a source that has a past', () => {
    const clock = new ManualClock();
    const candles = createCandles();
    const source = createSimulatedSource({ tokens: resolveTokens(['SOL', 'RAY']), clock });
    seedHistory([fakeSource('kraken', clock), source], ['SOL', 'RAY'], clock.now(), candles);
    for (const token of ['SOL', 'RAY']) {
      const [seconds, fives, minutes] = (['1s', '5s', '1m'] as const).map(interval =>
        candles.bars(token, interval, 5_000),
      );
      expect(seconds).toHaveLength(3_600);
      expect(minutes).toHaveLength(360);
      expect(fives?.length).toBeGreaterThan(2_000);
      expect(minutes?.[0]?.time).toBe(clock.now() - 6 * HOUR_MS);
      // Fine enough for the newest seconds to have a body.
      expect(seconds?.slice(-600).some(({ open, close }) => open !== close)).toBe(true);
      expect(seconds?.at(-1)?.time).toBe(clock.now() - 1_000);
    }
    // History is no news.
    expect(candles.version).toBe(0);
  });

  it('is none where no source has a past, and none for a token the source does not know', () => {
    const clock = new ManualClock();
    const candles = createCandles();
    seedHistory([fakeSource('kraken', clock)], ['SOL'], clock.now(), candles);
    seedHistory([], ['SOL'], clock.now(), candles);
    const source = createSimulatedSource({ tokens: resolveTokens(['SOL']), clock });
    seedHistory([source], ['RAY'], clock.now(), candles);
    expect(candles.newest()).toEqual([]);
  });
});
