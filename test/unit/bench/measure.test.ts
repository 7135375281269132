import { describe, expect, it } from 'vitest';
import {
  compareLatency,
  compareRate,
  latencyOf,
  quantile,
  timed,
} from '../../../src/main/cli/bench/measure.ts';
import { formatBench, type BenchReport } from '../../../src/main/cli/bench/run.ts';

describe('measuring', () => {
  it('finds the value below which a share of the samples lie', () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index);
    expect([0, 0.5, 0.99, 1].map(share => quantile(sorted, share))).toEqual([0, 50, 99, 99]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('summarises samples in any order, and leaves them as they are', () => {
    const samples = [3, 1, 2, 10];
    expect(latencyOf(samples)).toEqual({ p50: 3, p99: 10, mean: 4 });
    expect(samples).toEqual([3, 1, 2, 10]);
  });

  it('runs two ways in alternating blocks, after a block of each that does not count', async () => {
    const order: string[] = [];
    const run = (name: string) => () => {
      order.push(name);
      return Promise.resolve();
    };
    const result = await compareLatency(run('ours'), run('raw'), { blocks: 2, perBlock: 2 });
    expect(order.join(' ')).toBe('ours ours raw raw ours ours raw raw raw raw ours ours');
    expect(result.ours.p50).toBeGreaterThanOrEqual(0);
    expect(result.raw.mean).toBeGreaterThanOrEqual(0);
  });

  it('takes the median rate of each way, without its first round', async () => {
    const rounds: number[] = [];
    const ms = [1, 50, 10, 20];
    const result = await compareRate(
      round => {
        rounds.push(round);
        return Promise.resolve({ units: 100, ms: ms[round] ?? 0 });
      },
      () => Promise.resolve({ units: 100, ms: 10 }),
      3,
    );
    expect(rounds).toEqual([0, 1, 2, 3]);
    expect(result).toEqual({ ours: 5_000, raw: 10_000 });
  });

  it('takes the time of work', async () => {
    const round = await timed(7, () => new Promise(resolve => setTimeout(resolve, 20)));
    expect(round.units).toBe(7);
    expect(round.ms).toBeGreaterThan(15);
  });
});

it('a report is a line on the machine and a line for each result', () => {
  const report: BenchReport = {
    machine: { cpu: 'a CPU', cores: 2, memoryGiB: 4, node: 'v20', platform: 'linux x64' },
    results: [
      { name: 'publish', value: 71_234.5, unit: 'events/s', baseline: 80_000, ratio: 0.89 },
      { name: 'read_one_p50', value: 0.01234, unit: 'ms', baseline: 0.012, ratio: 1.0283 },
    ],
  };
  expect(formatBench(report).split('\n')).toEqual([
    'a CPU, 2 cores, 4 GiB, Node v20, linux x64',
    'publish                       71235 events/s   raw 80000          ratio 0.89',
    'read_one_p50                 0.0123 ms         raw 0.0120         ratio 1.03',
  ]);
});
