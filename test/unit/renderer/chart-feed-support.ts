import { createStore } from 'zustand/vanilla';
import { ChartFeed, type ChartPhase } from '../../../src/renderer/chart/chart-feed.ts';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import type { Clock } from '../../../src/renderer/time/clock.ts';
import type { Bar, Batch, EpochMs } from '../../../src/shared/contract.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';
import { NOON, TestLink, barOf, batchOf } from './support.ts';
import { TestChart } from './test-chart.ts';

/** Lets promises be answered. */
export const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

/** Seconds of a market that began `age` seconds before noon; a bar each. */
export function pastOf(age: number) {
  return (before: EpochMs, limit: number): { bars: Bar[]; complete: boolean } => {
    const begin = NOON - age * 1_000;
    const to = Math.min(before, NOON + 1_000);
    const count = Math.min(limit, Math.max(0, (to - begin) / 1_000));
    const bars = Array.from({ length: count }, (_, index) =>
      barOf(to - (count - index) * 1_000, `${(to - (count - index) * 1_000 - NOON) / 1_000 + 1e6}`),
    );
    return { bars, complete: to - count * 1_000 <= begin };
  };
}

/** A chart feed on a real store, with a chart that writes down what it is told. */
export function openFeed({ until = null }: { until?: EpochMs | null } = {}) {
  const link = new TestLink();
  const screen = createStore(() => EMPTY_SCREEN);
  const seen = new SeenIds(100);
  const phases: ChartPhase[] = [];
  const timers: { ms: number; run: () => void; over: boolean }[] = [];
  const clock: Clock = {
    now: () => NOON,
    after(ms, run) {
      const timer = { ms, run, over: false };
      timers.push(timer);
      return () => (timer.over = true);
    },
    every: () => () => {},
  };
  const chart = new TestChart();
  const feed = new ChartFeed({
    link,
    screen,
    clock,
    now: () => NOON + 500,
    until: () => until,
    chart,
    onPhase: phase => {
      phases.push(phase);
      const span = chart.span();
      if (span !== null) feed.look(span);
    },
    onBars: () => {},
  });
  chart.onSpan(span => feed.look(span));
  const send = (batch: Batch): void =>
    screen.setState(applyBatch(screen.getState(), admit(batch, seen), NOON), true);
  const second = (offset: number, close: string, token = 'SOL'): Batch =>
    batchOf({ bars: [{ token, ...barOf(NOON + offset * 1_000, close) }] });
  /** What the engine has: the newest bars at once, older ones by page. */
  const market = (age: number): void => {
    const past = pastOf(age);
    link.answers['chart.bars'] = ({ tokens, limit }: { tokens: string[]; limit: number }) => ({
      [tokens[0] ?? '']: past(Infinity, limit).bars,
    });
    link.answers['chart.history'] = ({ before, limit }: { before: number; limit: number }) =>
      past(before, limit);
  };
  const history = (bars: Bar[]): void => {
    link.answers['chart.bars'] = ({ tokens }: { tokens: string[] }) => ({ [tokens[0] ?? '']: bars });
    link.answers['chart.history'] = () => ({ bars: [], complete: true });
  };
  const times = (): number[] => feed.window.bars.map(bar => (bar.time - NOON) / 1_000);
  return { link, feed, chart, phases, timers, send, second, history, market, times };
}
