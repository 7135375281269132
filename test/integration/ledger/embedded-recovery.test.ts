import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverArguments } from '../../../src/main/engine/ledger/server-arguments.ts';
import { nodeScript } from '../../support/node-child.ts';
import { alive, processesOf } from '../../support/processes.ts';
import { until } from '../../support/redis-server.ts';
import { ask, asksWell, EmbeddedBench } from './embedded-bench.ts';

const bench = new EmbeddedBench();

describe('the embedded PostgreSQL after something was killed', () => {
  it('comes back by itself when its postmaster is killed, with everything that was committed', async () => {
    bench.givenCluster();
    const server = bench.make();
    await server.start();
    let starts = 0;
    server.onStart(() => (starts += 1));
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    for (const time of [1, 2]) {
      process.kill(server.pid ?? 0, 'SIGKILL');
      await until(() => starts === time, 30_000, 'it did not come back');
      expect(server.failure()).toBeUndefined();
      expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    }
  });

  it('takes the place of a server whose supervisor was killed', async () => {
    bench.givenCluster();
    const first = bench.make();
    await first.start();
    const former = first.pid ?? 0;
    const [supervisor = ''] = await processesOf(bench.home.passwordFile);
    process.kill(Number(supervisor.split(' ')[0]), 'SIGKILL');
    await until(() => first.pid !== former, 30_000, 'nothing was noticed');
    await until(() => asksWell(first), 30_000, 'it did not come back');
    expect(alive(former)).toBe(false);
  });

  it('ends with the program even when that is killed, and the next start finds what was committed', async () => {
    bench.givenCluster();
    // The program's part in it: a process that holds the supervisor's standard input and then is gone.
    const script = await nodeScript(`
      import { supervise } from '${process.cwd()}/src/main/engine/redis/supervisor.ts';
      const { command, options } = JSON.parse(process.argv[2]);
      const server = supervise(command, { ...options, onLine: () => undefined });
      const timer = setInterval(() => server.pid && console.log(server.pid) === clearInterval(timer), 10);
      setInterval(() => undefined, 1000);
    `);
    const options = {
      title: `tenhertz-postgres ${bench.home.passwordFile}`,
      ask: 'INT',
      cwd: bench.home.dir,
      env: process.env,
      as: bench.home.user,
    };
    const command = [bench.home.binaries.postgres, ...serverArguments(bench.home)];
    const child = script.run([JSON.stringify({ command, options })]);
    const pid = Number(await child.line());
    const server = bench.make();
    await until(() => asksWell(server), 30_000, 'it did not start');
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    await child.kill();
    await until(() => !alive(pid), 30_000, 'the server outlived the program');
    await until(
      async () => (await processesOf(bench.home.passwordFile)).length === 0,
      30_000,
      'its supervisor stayed',
    );
    await server.start();
    expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await script.remove();
  });

  it('starts where a killed server left its pid, also when that number is somebody else’s by now', async () => {
    bench.givenCluster();
    const first = bench.make();
    await first.start();
    await first.stop();
    await writeFile(
      join(bench.home.cluster, 'postmaster.pid'),
      `${process.pid}\n${bench.home.cluster}\n0\n5432\n${bench.home.sockets}\n`,
    );
    const second = bench.make();
    await second.start();
    expect(await asksWell(second)).toBe(true);
  });

  it('can be stopped while it starts', async () => {
    const server = bench.make();
    const started = server.start().catch(() => undefined);
    await server.stop();
    await started;
    expect(server.pid).toBeUndefined();
  });
});
