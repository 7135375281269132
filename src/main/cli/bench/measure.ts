/** One line of `tenhertz bench --json`; `baseline` is the same work by the raw client, measured in the same run. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  baseline: number;
  /** value / baseline. */
  ratio: number;
}

/** What a run of single operations looked like, in milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
  mean: number;
}

/** The value below which `share` (0..1) of the sorted samples lie. */
export function quantile(sorted: readonly number[], share: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[index] ?? Number.NaN;
}

/** Summarises samples in ms. */
export function latencyOf(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length;
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), mean };
}

/**
 * Runs two ways of doing the same work in turn, block by block (A B B A A B …), so that a machine that slows down slows
 * both. Each call does one unit and its time is a sample.
 *
 * @returns latencies of ours and of the raw way.
 */
export async function compareLatency(
  ours: () => Promise<unknown>,
  raw: () => Promise<unknown>,
  options: { blocks: number; perBlock: number },
): Promise<{ ours: Latency; raw: Latency }> {
  const samples = { ours: [] as number[], raw: [] as number[] };
  const block = async (work: () => Promise<unknown>, into: number[] | undefined): Promise<void> => {
    for (let turn = 0; turn < options.perBlock; turn += 1) {
      const from = performance.now();
      await work();
      into?.push(performance.now() - from);
    }
  };
  await block(ours, undefined);
  await block(raw, undefined);
  for (let index = 0; index < options.blocks; index += 1) {
    const oursFirst = index % 2 === 0;
    await block(oursFirst ? ours : raw, oursFirst ? samples.ours : samples.raw);
    await block(oursFirst ? raw : ours, oursFirst ? samples.raw : samples.ours);
  }
  return { ours: latencyOf(samples.ours), raw: latencyOf(samples.raw) };
}

/** What one round did, and how long that took. */
export interface Round {
  units: number;
  ms: number;
}

/** Runs `work` and takes its time. */
export async function timed(units: number, work: () => Promise<unknown>): Promise<Round> {
  const from = performance.now();
  await work();
  return { units, ms: performance.now() - from };
}

/**
 * Units per second of two ways of doing the same work, in alternating rounds. The first round of each warms up and is not
 * counted; of the others the median is taken.
 */
export async function compareRate(
  ours: (round: number) => Promise<Round>,
  raw: (round: number) => Promise<Round>,
  rounds: number,
): Promise<{ ours: number; raw: number }> {
  const rates = { ours: [] as number[], raw: [] as number[] };
  const perSecond = ({ units, ms }: Round): number => (units * 1_000) / ms;
  for (let round = 0; round <= rounds; round += 1) {
    const [ourRate, rawRate] = [perSecond(await ours(round)), perSecond(await raw(round))];
    if (round === 0) continue;
    rates.ours.push(ourRate);
    rates.raw.push(rawRate);
  }
  const median = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  return { ours: median(rates.ours), raw: median(rates.raw) };
}
