import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUntilSignal, STOP_WITHIN_MS } from '../../../src/main/cli/run-until-signal.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { FakeProcess, makeHost } from '../../unit/cli/fake-host.ts';
import { ask } from '../gateway/gateway-process.ts';

let host: ReturnType<typeof makeHost>;
beforeEach(() => {
  host = makeHost();
});
afterEach(() => host.remove());

describe('tenhertz serve', () => {
  it('prints one ready line, serves at its address, and a signal stops everything with exit code 0', async () => {
    const ended = host.run('serve', '--port', '0', '--no-open', '--demo');
    const { url, port, ...rest } = await host.ready();
    expect(rest).toEqual({
      event: 'ready',
      redis: 'unix:///tmp/redis.sock',
      postgres: 'postgres:///tenhertz?host=/tmp',
    });
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/\\?token=[\\w-]{43}$`));
    expect((await ask(port ?? 0, '/healthz')).status).toBe(200);
    expect(host.made[0]).toMatchObject({ host: 'gateway', version: '9.9.9', settings: { demo: true } });
    host.process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(host.engine.stopped).toBe(1);
    await expect(ask(port ?? 0, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(host.process.out.split('\n')).toHaveLength(2);
    expect(host.process.eventNames()).toEqual([]);
  });

  it('takes shared flags before and after the command', async () => {
    const ended = host.run(
      '--tokens',
      'SOL',
      'serve',
      '--port',
      '0',
      '--source',
      'kraken',
      '--log-level',
      'error',
    );
    await host.ready();
    expect(host.made[0]?.settings).toMatchObject({ tokens: ['SOL'], sources: 'kraken', logLevel: 'error' });
    host.process.emit('SIGINT');
    expect(await ended).toBe(0);
  });

  it('opens the browser where there is a display, unless it is told not to', async () => {
    host.process.env['DISPLAY'] = ':0';
    const ended = host.run('serve', '--port', '0', '--log-level', 'silent');
    const { url } = await host.ready();
    await until(() => host.started.length > 0, 1_000, 'no browser');
    expect(host.started.map(({ command, args }) => [command, ...args])).toEqual([['xdg-open', url]]);
    host.started[0]?.child.emit('error', new Error('ENOENT'));
    host.process.emit('SIGTERM');
    expect(await ended).toBe(0);

    const quiet = makeHost();
    quiet.process.env['DISPLAY'] = ':0';
    const quietEnd = quiet.run('serve', '--port', '0', '--no-open');
    await quiet.ready();
    quiet.process.emit('SIGTERM');
    await quietEnd;
    expect(quiet.started).toEqual([]);
    quiet.remove();
  });

  it('that is told a port which is taken says so, exit code 3; without one it takes another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await host.run('serve', '--port', String(port))).toBe(3);
    expect(host.process.err).toContain(`Cannot listen on 127.0.0.1:${port}`);
    expect(host.engine.started).toBe(0);
    other.close();

    const first = makeHost();
    const firstEnd = first.run('serve', '--no-open');
    const { port: usual } = await first.ready();
    const secondEnd = host.run('serve', '--no-open');
    const { port: free } = await host.ready();
    expect(free).not.toBe(usual);
    first.process.emit('SIGTERM');
    host.process.emit('SIGTERM');
    expect(await Promise.all([firstEnd, secondEnd])).toEqual([0, 0]);
    first.remove();
  });

  it('without a built monitor has nothing to show: exit code 4', async () => {
    const { rmSync } = await import('node:fs');
    rmSync(`${host.rootDir}/out`, { recursive: true });
    expect(await host.run('serve')).toBe(4);
    expect(host.process.err).toContain('npm run build');
  });

  it('stops also while it is still starting', async () => {
    host.engine.onStart = () => new Promise(() => undefined);
    const ended = host.run('serve', '--port', '0');
    await until(() => host.engine.started === 1, 2_000, 'it did not start');
    host.process.emit('SIGINT');
    expect(await ended).toBe(0);
    expect(host.process.out).toBe('');
  });

  it('stops what it started when something unexpected is thrown anywhere', async () => {
    const ended = host.run('updater');
    await host.ready();
    host.process.emit('unhandledRejection', new Error('from nowhere'));
    expect(await ended).toBe(1);
    expect(host.engine.stopped).toBe(1);
    expect(host.process.err).toContain('Error: from nowhere\n    at ');
  });
});

describe('waiting for a signal', () => {
  const parts = (stop: () => Promise<void>) => {
    const clock = new ManualClock();
    const process = new FakeProcess();
    const done = runUntilSignal({ process, clock, start: () => Promise.resolve(), stop });
    return { clock, process, done };
  };

  it('gives stopping less than five seconds', async () => {
    const { clock, process, done } = parts(() => new Promise(() => undefined));
    const ended = done.catch((error: unknown) => error);
    process.emit('SIGTERM');
    await clock.advance(STOP_WITHIN_MS);
    expect(await ended).toMatchObject({ code: 'STOP_TIMED_OUT' });
    expect(STOP_WITHIN_MS).toBeLessThan(5_000);
  });

  it('does not mind a second signal while it stops', async () => {
    let finish = (): void => undefined;
    const { clock, process, done } = parts(() => new Promise(resolve => (finish = resolve)));
    process.emit('SIGINT');
    await clock.advance(0);
    expect(process.listenerCount('SIGINT')).toBe(1);
    process.emit('SIGINT');
    finish();
    await done;
    expect(process.eventNames()).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
