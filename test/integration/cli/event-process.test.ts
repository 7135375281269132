import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeScript, type NodeScript } from '../../support/node-child.ts';
import { processesOf } from '../../support/processes.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

const src = join(import.meta.dirname, '../../../src/main');
let script: NodeScript;
let server: TestRedis;
let client: Redis;
let rootDir: string;
beforeAll(async () => {
  rootDir = mkdtempSync(join(tmpdir(), 'th-program-'));
  mkdirSync(join(rootDir, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(rootDir, 'out', 'renderer', 'index.html'), '<title>Tenhertz</title>');
  writeFileSync(join(rootDir, 'package.json'), '{"version":"9.9.9"}');
  // The program's own entry, but for where it looks for its files, and that it tells the most memory it had.
  script = await nodeScript(`
    import { readFileSync } from 'node:fs';
    import process from 'node:process';
    import { systemClock } from '${src}/engine/clock.ts';
    import { createEngine } from '${src}/engine/create-engine.ts';
    import { run } from '${src}/cli/program.ts';
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    const rootDir = ${JSON.stringify(rootDir)};
    const code = await run(process.argv.slice(2), { process, clock: systemClock, rootDir, createEngine });
    // Not the maxRSS of resourceUsage: a child begins with that of its parent.
    const [, peak] = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    process.stderr.write('peak ' + peak + '\\n');
    process.exit(code);
  `);
  server = await startTestRedis();
  client = new Redis({ path: server.socketPath });
}, 60_000);
afterAll(async () => {
  client.disconnect();
  await server.stop();
  await script.remove();
  rmSync(rootDir, { recursive: true, force: true });
});

/** Starts the program; its stdin, stdout and stderr are pipes. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script.path, ...args], { env: { ...process.env, ...env } });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended,
    err: () => err.replace(/peak \d+\n$/, ''),
    peakMb: () => Number(/peak (\d+)\n$/.exec(err)?.[1]) / 1_024,
  };
}

/** Lines of a child's stdout, as fast as they are taken. */
const linesOf = (child: ChildProcess) => createInterface({ input: child.stdout as Readable });
const on = (...args: string[]) => start([...args, '--redis', server.url, '--postgres', 'off']);

async function fill(stream: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 10_000) {
    const pipeline = client.pipeline();
    for (let n = from + 1; n <= from + 10_000; n += 1)
      pipeline.xadd(
        stream,
        `${n}-1`,
        'event_id',
        `e${n}`,
        'sequence_number',
        n,
        'data',
        `{"n":${n},"text":"${'x'.repeat(100)}"}`,
      );
    await pipeline.exec();
  }
}

describe('publishing from stdin', () => {
  it('takes 100,000 lines with bad ones in between: each good one once and in order, memory bounded', async () => {
    const { child, ended, err, peakMb } = on('publish', '--stdin', '--channel', 'bulk', '--type', 'note');
    const lines = function* (): Generator<string> {
      for (let n = 1; n <= 100_000; n += 1)
        yield n % 1_000 === 0 ? `bad line ${n}\n` : `{"data":{"n":${n}},"channel":"bulk:${n % 2}"}\n`;
    };
    Readable.from(lines()).pipe(child.stdin);
    const next = [0, 0];
    let count = 0;
    for await (const line of linesOf(child)) {
      count += 1;
      const [sequence] = /(?<="sequence_number":)\d+/.exec(line) ?? [];
      next[Number(sequence) === (next[0] ?? 0) + 1 ? 0 : 1] = Number(sequence);
    }
    expect(await ended).toBe(1);
    expect(count).toBe(99_900);
    const reported = [...err().matchAll(/^tenhertz: line (\d+): it is not JSON/gm)].map(([, n]) => Number(n));
    expect(reported).toEqual(Array.from({ length: 100 }, (_, n) => 1_000 * (n + 1)));
    expect(err()).toContain('100 lines were not published');
    expect(await client.mget('seq:{stream:bulk:0}', 'seq:{stream:bulk:1}')).toEqual(['49900', '50000']);
    for (const half of [0, 1]) {
      const entries = await client.xrange(`stream:bulk:${half}`, '-', '+');
      const numbers = entries.map(([, fields]) => Number(/\d+/.exec(fields[11] ?? '')?.[0]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    expect(peakMb()).toBeLessThan(250);
  }, 60_000);

  it('reads no faster than Redis takes', async () => {
    const { child, ended } = on('publish', '--stdin', '--channel', 'slow', '--type', 'note');
    linesOf(child).resume();
    child.stdin.write('{"data":0}\n');
    await until(async () => (await client.xlen('stream:slow')) === 1, 10_000, 'it did not start');
    process.kill(server.pid, 'SIGSTOP');
    const line = `${JSON.stringify({ data: 'x'.repeat(1_000) })}\n`;
    let accepted = 0;
    while (accepted < 20_000 && child.stdin.writableLength < 1_000_000) {
      child.stdin.write(line);
      accepted += 1;
      if (accepted % 100 === 0) await new Promise(resolve => setTimeout(resolve, 5));
    }
    process.kill(server.pid, 'SIGCONT');
    expect(accepted).toBeLessThan(10_000);
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(await client.get('seq:{stream:slow}')).toBe(String(accepted + 1));
  }, 60_000);

  it('stopped by a signal ends at once, exit code 1, and what was published stays', async () => {
    const { child, ended, err } = on('publish', '--stdin', '--channel', 'stopped', '--type', 'note');
    child.stdin.write('{"data":1}\n');
    await once(linesOf(child), 'line');
    const start = performance.now();
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(err()).toMatch(/^tenhertz: Interrupted before the end/);
    expect(await client.xlen('stream:stopped')).toBe(1);
  });

  it('goes on when nobody reads its answers', async () => {
    const { child, ended, err } = on('publish', '--stdin', '--channel', 'unread', '--type', 'note');
    child.stdout.destroy();
    for (let n = 0; n < 5_000; n += 1) child.stdin.write(`{"data":${n}}\n`);
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(err()).toBe('');
    expect(await client.get('seq:{stream:unread}')).toBe('5000');
  });
});

describe('replaying', () => {
  beforeAll(() => fill('stream:long', 200_000), 30_000);

  it('200,000 entries come in order, touch no group, and take no more memory than a few', async () => {
    await client.xgroup('CREATE', 'stream:long', 'desk', '5000-1');
    const groups = await client.xinfo('GROUPS', 'stream:long');
    const few = on('replay', '--channel', 'long', '--since', '0', '--until', '100');
    few.child.stdout.resume();
    expect(await few.ended).toBe(0);
    const all = on('replay', '--channel', 'long', '--since', '0');
    let count = 0;
    for await (const line of linesOf(all.child)) {
      count += 1;
      if (!line.includes(`"sequence_number":${count},"id":"${count}-1"`))
        throw new Error(`not the ${count}th: ${line}`);
    }
    expect(await all.ended).toBe(0);
    expect(count).toBe(200_000);
    // What was read and is not collected yet is garbage, not growth; how much of it there is varies.
    expect(all.peakMb()).toBeLessThan(few.peakMb() + 150);
    expect(await client.xinfo('GROUPS', 'stream:long')).toEqual(groups);
  }, 60_000);

  it('stops reading when its reader stops, and is quiet when it goes (| head -1)', async () => {
    const { child, ended, err, peakMb } = on('replay', '--channel', 'long', '--since', '0');
    await once(child.stdout, 'readable');
    await new Promise(resolve => setTimeout(resolve, 500));
    child.stdout.destroy();
    expect(await ended).toBe(0);
    expect(err()).toBe('');
    expect(peakMb()).toBeLessThan(250);
  }, 60_000);

  it('at the original pace ends at once on a signal', async () => {
    await client.xadd('stream:paced', '1-0', 'data', '{}');
    await client.xadd('stream:paced', '90000000-0', 'data', '{}');
    const { child, ended, err } = on('replay', '--channel', 'paced', '--since', '0', '--speed', '1');
    await once(linesOf(child), 'line');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(err()).toMatch(/^tenhertz: Interrupted/);
  });
});

describe('beside a running app', () => {
  it('the commands use its embedded Redis, found through the data directory', async () => {
    const dataDir = join(rootDir, 'data');
    const own = ['--data-dir', dataDir];
    const app = start(['serve', '--demo', '--no-open', '--port', '0', '--log-level', 'error', ...own]);
    const [ready] = (await once(linesOf(app.child), 'line')) as [string];
    const { redis, url } = JSON.parse(ready) as { redis: string; url: string };
    const run = async (...args: string[]) => {
      const { child, ended } = start([...args, ...own]);
      const lines: string[] = [];
      for await (const line of linesOf(child)) lines.push(line);
      return { code: await ended, lines };
    };
    const published = await run('publish', '--channel', 'ui-events', '--type', 'note', '--data', '"hello"');
    expect(published).toMatchObject({ code: 0, lines: [expect.stringContaining('"sequence_number":1')] });
    const app_redis = new Redis({ path: redis.replace('unix://', '') });
    expect(await app_redis.xlen('stream:ui-events')).toBe(1);
    app_redis.disconnect();
    const replayed = await run('replay', '--channel', 'ui-events', '--since', '-1m');
    expect(replayed.lines).toHaveLength(1);
    const { origin, searchParams } = new URL(url);
    const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` };
    const answer = await fetch(`${origin}/replay?channel=ui-events&since=-1m`, { headers });
    expect((await answer.text()).trimEnd()).toBe(replayed.lines[0]);
    expect(await run('dead')).toEqual({ code: 0, lines: ['There are no dead letters.'] });
    app.child.kill('SIGTERM');
    expect(await app.ended).toBe(0);
    expect(await processesOf(dataDir)).toEqual([]);
  }, 60_000);
});
