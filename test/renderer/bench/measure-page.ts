import type { CDPSession, Page } from '@playwright/test';
import { heapAfterCollection, slopeOf, type HeapSample, type HeapSlope } from './heap-slope.ts';

/** What a page did over a while. */
export interface PageMeasures {
  /** Time between two frames, ms. */
  frameP50: number;
  frameP95: number;
  frames: number;
  /** Processor time of the main thread's tasks as a share of the time; collections that were forced are left out. */
  busy: number;
  /** Shares of the time, of that: scripts, styles, layout. */
  parts: { script: number; style: number; layout: number };
  heap: HeapSlope;
  heapMb: number;
}

/**
 * Times between frames; a text because it begins before anything else. Asking for every frame makes the browser work for every
 * frame, so what the page itself costs is measured while nobody asks.
 */
const WATCH_FRAMES = `(() => {
  const bench = (globalThis.benchFrames = { waits: [], on: false });
  let last = 0;
  const frame = now => {
    if (last > 0) bench.waits.push(now - last);
    last = bench.on ? now : 0;
    if (bench.on) requestAnimationFrame(frame);
  };
  bench.watch = on => {
    bench.on = on;
    last = 0;
    if (on) requestAnimationFrame(frame);
  };
})()`;

interface Work {
  at: number;
  busy: number;
  script: number;
  style: number;
  layout: number;
}

async function workOf(session: CDPSession): Promise<Work> {
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find(metric => metric.name === name)?.value ?? 0;
  return {
    at: performance.now() / 1_000,
    busy: value('TaskDuration'),
    script: value('ScriptDuration'),
    style: value('RecalcStyleDuration'),
    layout: value('LayoutDuration'),
  };
}

/**
 * Watches `page` for `rounds` rounds, frames and the main thread's work in turn, with a forced collection after each. `round` resolves when one is over and answers how many
 * batches the page has taken by then: growth is told per minute of ten batches a second, however slow the machine is.
 */
export async function measurePage(
  page: Page,
  rounds: number,
  round: () => Promise<number>,
): Promise<PageMeasures> {
  const session = await page.context().newCDPSession(page);
  // Time of the processor, not of the clock: what else runs on the machine is not the page's work.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(WATCH_FRAMES);
  const samples: HeapSample[] = [];
  const sum = { at: 0, busy: 0, script: 0, style: 0, layout: 0 };
  const collect = async (batches: number): Promise<void> => {
    samples.push({ at: batches / 10, mb: await heapAfterCollection(session) });
  };
  await collect(await round());
  for (let count = 0; count < rounds; count += 1) {
    const isWatched = count % 2 === 0;
    if (isWatched) await page.evaluate('benchFrames.watch(true)');
    const before = await workOf(session);
    const batches = await round();
    const after = await workOf(session);
    if (isWatched) await page.evaluate('benchFrames.watch(false)');
    else
      for (const name of ['at', 'busy', 'script', 'style', 'layout'] as const)
        sum[name] += after[name] - before[name];
    await collect(batches);
  }
  const waits = await page.evaluate<number[]>('benchFrames.waits');
  const sorted = waits.toSorted((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const share = (part: number): number => part / sum.at;
  return {
    frameP50: quantile(0.5),
    frameP95: quantile(0.95),
    frames: waits.length,
    busy: share(sum.busy),
    parts: { script: share(sum.script), style: share(sum.style), layout: share(sum.layout) },
    heap: slopeOf(samples),
    heapMb: samples.at(-1)?.mb ?? 0,
  };
}

/** One line for people. */
export function inWords(
  name: string,
  { frameP50, frameP95, frames, busy, parts, heap, heapMb }: PageMeasures,
): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return (
    `${name}: frames p50 ${frameP50.toFixed(1)} ms, p95 ${frameP95.toFixed(1)} ms (${frames}); main thread ` +
    `${percent(busy)} busy (script ${percent(parts.script)}, style ${percent(parts.style)}, layout ` +
    `${percent(parts.layout)}); heap ${heapMb.toFixed(1)} MB, ${heap.slope.toFixed(2)} ± ${heap.noise.toFixed(2)} MB/min`
  );
}
