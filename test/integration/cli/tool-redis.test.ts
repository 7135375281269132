import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayLine } from '../../../src/shared/replay.ts';
import { openDataDir } from '../../../src/main/engine/config/data-dir.ts';
import { processesOf } from '../../support/processes.ts';
import { CommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await CommandBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => bench.reset());

describe('where the commands find Redis', () => {
  it('with none running they start their own, keep its data, and leave nothing running', async () => {
    const argv = ['--channel', 'x', '--type', 't', '--data', '1'];
    expect(await bench.host.run('publish', ...argv)).toBe(0);
    expect(await bench.host.run('publish', ...argv)).toBe(0);
    bench.host.process.out = '';
    expect(await bench.host.run('replay', '--channel', 'x', '--since', '0')).toBe(0);
    expect(bench.host.process.out.trimEnd().split('\n')).toHaveLength(2);
    expect(bench.host.process.err).toBe('');
    expect(await processesOf(bench.host.rootDir)).toEqual([]);
  });

  it('several at once take turns', async () => {
    const argv = ['publish', '--channel', 'x', '--type', 't', '--data', '1'];
    expect(
      await Promise.all([bench.host.run(...argv), bench.host.run(...argv), bench.host.run(...argv)]),
    ).toEqual([0, 0, 0]);
    const numbers = bench.host.process.out
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as ReplayLine).sequence_number);
    expect(numbers.sort()).toEqual([1, 2, 3]);
  });

  it('beside an app they use its Redis, waiting until it says where that is', async () => {
    const dataDir = await openDataDir(bench.host.process.env['TENHERTZ_DATA_DIR'] ?? '');
    const ended = bench.host.run('publish', '--channel', 'x', '--type', 't', '--data', '1');
    await new Promise(resolve => setTimeout(resolve, 150));
    await dataDir.writeRuntime({ url: null, redis: bench.server.url, postgres: 'off', startedAt: 0 });
    expect(await ended).toBe(0);
    expect(await bench.client.xlen('stream:x')).toBe(1);
    await dataDir.close();
  });

  it('beside an app whose Redis is gone they say so: exit code 4', async () => {
    const dataDir = await openDataDir(bench.host.process.env['TENHERTZ_DATA_DIR'] ?? '');
    await dataDir.writeRuntime({
      url: null,
      redis: 'unix:///nowhere/redis.sock',
      postgres: 'off',
      startedAt: 0,
    });
    expect(await bench.host.run('dead', '--log-level', 'silent')).toBe(4);
    await dataDir.close();
  });

  it('without a redis-server they say how to get one: exit code 4, and the data directory is free again', async () => {
    bench.host.process.env['TENHERTZ_REDIS_SERVER'] = '/nowhere/redis-server';
    expect(await bench.host.run('dead')).toBe(4);
    delete bench.host.process.env['TENHERTZ_REDIS_SERVER'];
    expect(await bench.host.run('dead')).toBe(0);
  });

  it('take the server of the environment before all of that', async () => {
    bench.host.process.env['REDIS_URL'] = bench.server.url;
    expect(await bench.host.run('publish', '--channel', 'x', '--type', 't', '--data', '1')).toBe(0);
    expect(await bench.client.xlen('stream:x')).toBe(1);
  });
});
