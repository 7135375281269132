import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../src/main/engine/clock.ts';
import type { ServerHome } from '../../../src/main/engine/ledger/server-home.ts';
import { until } from '../../support/redis-server.ts';
import { asksWell, EmbeddedBench } from './embedded-bench.ts';

const bench = new EmbeddedBench();

/** Patience runs out a hundred times as fast. */
const hasty: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() * 100 };

/** PostgreSQL as ever, but that it does this in place of serving until it is told to. */
async function troubled(does: string): Promise<{ home: ServerHome; recover: () => Promise<void> }> {
  const { binaries, dir } = bench.home;
  const postgres = join(dir, 'troubled-postgres');
  const write = (last: string): Promise<void> =>
    writeFile(
      postgres,
      `#!/bin/sh\nif [ "$1" = --version ]; then exec '${binaries.postgres}' --version; fi\n${last}\n`,
      { mode: 0o755 },
    );
  await write(does);
  return {
    home: { ...bench.home, binaries: { ...binaries, postgres } },
    recover: () => write(`exec '${binaries.postgres}' "$@"`),
  };
}

describe('the embedded PostgreSQL that does not run', () => {
  it('for want of room on the disk says so, and starts by itself once there is room', async () => {
    bench.givenCluster();
    const { home, recover } = await troubled(
      `echo 'FATAL:  could not write lock file "postmaster.pid": No space left on device' >&2; exit 1`,
    );
    const server = bench.make({ home });
    let [starts, undone] = [0, 0];
    server.onStart(() => (starts += 1));
    server.onStart(() => (undone += 1))();
    await expect(server.start()).rejects.toMatchObject({
      code: 'LEDGER_FULL',
      exitCode: 4,
      message: `The embedded PostgreSQL does not run because the disk of ${home.dir} is full. Make room there; it is then started by itself.`,
    });
    expect(server.failure()?.code).toBe('LEDGER_FULL');
    await recover();
    await until(() => starts === 1, 30_000, 'it was not tried again');
    expect(server.failure()).toBeUndefined();
    expect(await asksWell(server)).toBe(true);
    expect(undone).toBe(0);
  });

  it('and says nothing is told with how it ended alone', async () => {
    bench.givenCluster();
    const { home } = await troubled('exit 3');
    const server = bench.make({ home });
    await expect(server.start()).rejects.toMatchObject({
      code: 'LEDGER_NOT_STARTED',
      message: expect.stringMatching(
        /does not run: it ended \([^)]*3[^)]*\)\. It is tried again by itself\.$/,
      ) as string,
    });
  });

  it('and does not answer within a minute is ended and told', async () => {
    bench.givenCluster();
    const { home } = await troubled('exec sleep 1000');
    const server = bench.make({ home, clock: hasty });
    await expect(server.start()).rejects.toThrow(/it ended \(no answer in 60 s\)/);
    expect(server.pid).toBeUndefined();
  });

  it('for us, because the password in our file is not its own, names the password; it is used once that is right', async () => {
    bench.givenCluster();
    const right = await readFile(bench.home.passwordFile, 'utf8');
    await writeFile(bench.home.passwordFile, 'another\n');
    const server = bench.make();
    await expect(server.start()).rejects.toMatchObject({
      code: 'LEDGER_NOT_STARTED',
      message: expect.stringMatching(/password authentication failed for user "tenhertz"/) as string,
    });
    await writeFile(bench.home.passwordFile, right);
    await until(() => server.failure() === undefined, 30_000, 'it was not tried again');
    expect(await asksWell(server)).toBe(true);
  });
});
