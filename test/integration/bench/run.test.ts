import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { formatBench, runBench } from '../../../src/main/cli/bench/run.ts';
import { processesOf } from '../../support/processes.ts';

const SMALL = {
  reads: { blocks: 2, perBlock: 20 },
  events: { rounds: 1, perRound: 200 },
  batches: 10,
  ledger: { rounds: 1, single: 5, concurrent: 50, rows: 1_500, replay: 3_000 },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'th-bench-'));
  vi.stubEnv('TMPDIR', dir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

it('runs every benchmark beside the raw client on servers of its own, and leaves nothing behind', async () => {
  const report = await runBench({ sizes: SMALL, logLevel: 'silent' });
  expect(Object.keys(report)).toEqual(['machine', 'results']);
  expect(report.machine).toMatchObject({ node: process.version, cores: expect.any(Number) as number });
  expect(report.results.map(({ name }) => name.replace(/\d+kb/, 'Nkb'))).toEqual([
    'read_one_p50',
    'read_one_mean',
    'read_one_p99',
    'read_five_p50',
    'read_five_p99',
    'publish',
    'publish_single',
    'consume',
    'batch_build_Nkb_p50',
    'strict_publish',
    'strict_publish_bare',
    'strict_publish_many',
    'confirm_insert',
    'ledger_replay',
    'ledger_replay_heap',
  ]);
  for (const result of report.results) {
    expect(Object.keys(result)).toEqual(['name', 'value', 'unit', 'baseline', 'ratio']);
    expect(result.value).toBeGreaterThan(0);
    expect(result.ratio).toBeCloseTo(result.value / result.baseline);
  }
  expect(formatBench(report).split('\n')).toHaveLength(report.results.length + 1);
  expect(await processesOf(dir)).toEqual([]);
  expect(await readdir(dir)).toEqual([]);
});

it('leaves nothing behind when there is no Redis either', async () => {
  await expect(runBench({ redisServerPath: '/no/such/server', logLevel: 'silent' })).rejects.toMatchObject({
    code: 'REDIS_BINARY_MISSING',
  });
  expect(await readdir(dir)).toEqual([]);
});
