import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '../../../src/main/engine/redis/connection.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { readRedisSettings } from '../../../src/main/engine/redis/settings.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { makeTlsFiles, type TlsFiles } from '../../support/tls-files.ts';

const SECRET = 's3cret/with#signs@';
let server: TestRedis;
let files: TlsFiles;
let port: number;
let tlsPort: number;
let pool: RedisPool | undefined;

/** A pool on an address as `--redis` takes it. */
function poolOn(flag: string): RedisPool {
  const settings = readRedisSettings({ flag, env: {} });
  if (settings.kind !== 'external') throw new Error('the test names external servers only');
  pool = testPool(settings.options, { address: settings.address }).pool;
  return pool;
}

/** What the pool says once it has failed. */
async function refusal(flag: string): Promise<string> {
  const refused = poolOn(flag);
  await until(() => refused.status().state === 'down', 5_000, 'nothing was refused');
  const { message, address } = refused.status();
  expect(`${message ?? ''} ${address}`).not.toContain('s3cret');
  return message ?? '';
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return free;
}

beforeAll(async () => {
  files = await makeTlsFiles();
  [port, tlsPort] = [await freePort(), await freePort()];
  server = await startTestRedis([
    ...['--port', String(port), '--tls-port', String(tlsPort), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', files.cert, '--tls-key-file', files.key],
  ]);
  const admin = connect({ path: server.socketPath });
  // Least rights: no INFO, no CLIENT, no PING.
  await admin.call('ACL', 'SETUSER', 'desk', 'on', `>${SECRET}`, '~price:*', '+get', '+set');
  await admin.config('SET', 'requirepass', SECRET);
  admin.disconnect();
});
afterEach(() => pool?.close());
afterAll(async () => {
  await server.stop();
  await files.remove();
});

const encoded = encodeURIComponent(SECRET);

describe('the pool reaches a server', () => {
  it('over TCP with a password, in the database named', async () => {
    const one = poolOn(`redis://:${encoded}@127.0.0.1:${port}/3`);
    await one.ready(2_000);
    await one.shared().set('in-three', 'x');
    expect(await one.shared().client('INFO')).toMatch(/ db=3 /);
    expect(one.status().address).toBe(`redis://127.0.0.1:${port}/3`);
  });

  it('over a unix socket with a password', async () => {
    const one = poolOn(`unix://:${encoded}@${server.socketPath}?db=1`);
    await one.ready(2_000);
    expect(await one.shared().client('INFO')).toMatch(/ db=1 /);
  });

  it('as an ACL user with no more rights than the work needs, without noise', async () => {
    const warn = vi.spyOn(console, 'warn');
    const one = poolOn(`redis://desk:${encoded}@127.0.0.1:${port}`);
    await one.ready(2_000);
    await one.shared().set('price:SOL', '1');
    expect(await one.shared().get('price:SOL')).toBe('1');
    await expect(one.shared().get('other')).rejects.toThrow('NOPERM');
    const lease = await one.lease('reader');
    lease.release();
    (await one.lease('again')).release();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('over TLS, trusting the authority named with ?ca=', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const one = poolOn(`rediss://:${encoded}@${host}:${tlsPort}?ca=${files.cert}`);
      await one.ready(2_000);
      expect(await one.shared().ping()).toBe('PONG');
      expect(one.shared().stream).toHaveProperty('encrypted', true);
      await one.close();
    }
  });
});

describe('the pool says what is wrong, without the password', () => {
  it('when the password or the user is refused', async () => {
    const wrong = `redis://:wrong-s3cret@127.0.0.1:${port}`;
    expect(await refusal(wrong)).toContain('it refused the user name or password');
    await pool?.close();
    expect(await refusal(`redis://nobody:${encoded}@127.0.0.1:${port}`)).toContain('refused the user name');
  });

  it('when a password is needed and none is given', async () => {
    expect(await refusal(`redis://127.0.0.1:${port}`)).toContain('it refused the user name or password');
  });

  it('when the certificate is not trusted', async () => {
    const message = await refusal(`rediss://:${encoded}@127.0.0.1:${tlsPort}`);
    expect(message).toMatch(/certificate is not trusted \(.+\); name the authority with \?ca=/);
  });

  it('when the database does not exist, instead of using another one', async () => {
    const message = await refusal(`redis://:${encoded}@127.0.0.1:${port}/99`);
    expect(message).toContain('DB index is out of range');
  });

  it('when nothing is there', async () => {
    expect(await refusal('unix:///no/such.sock')).toContain('the socket does not exist');
    await pool?.close();
    expect(await refusal(`redis://127.0.0.1:${await freePort()}`)).toContain('connection refused');
    await pool?.close();
    expect(await refusal('redis://no-such-host.invalid:1')).toMatch(/host name/);
  });

  it('when a plain server is asked for TLS', async () => {
    expect(await refusal(`rediss://:${encoded}@127.0.0.1:${port}`)).toMatch(
      /cannot be used: .+; trying again/,
    );
  });
});
