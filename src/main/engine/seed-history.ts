import type { EpochMs, Token } from '../../shared/contract.ts';
import type { Candles } from './feed/candles.ts';
import type { Source } from './sources/source.ts';

const HOUR_MS = 3_600_000;

/**
 * How far back and how fine. The newest part is fine enough for 1 s bars to have a body; further back only 5 s and then
 * 1 min bars are kept, which need less.
 */
const SPANS = [
  { fromMs: 6 * HOUR_MS, toMs: HOUR_MS, stepMs: 10_000 },
  { fromMs: HOUR_MS, toMs: HOUR_MS / 4, stepMs: 1_000 },
  { fromMs: HOUR_MS / 4, toMs: 0, stepMs: 200 },
] as const;

/**
 * Fills the charts with the past a source can honestly give (only the simulated market can), so that a chart is full the
 * moment it opens. Bars that exist already stay as they are.
 */
export function seedHistory(
  sources: readonly Source[],
  tokens: readonly Token[],
  now: EpochMs,
  candles: Pick<Candles, 'seed'>,
): void {
  const source = sources.find(candidate => candidate.history !== undefined);
  if (source === undefined) return;
  for (const token of tokens) {
    const points = SPANS.flatMap(
      ({ fromMs, toMs, stepMs }) => source.history?.(token, now - fromMs, now - toMs, stepMs) ?? [],
    );
    candles.seed(token, points);
  }
}
