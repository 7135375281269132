import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { startGateway } from '../../../src/main/gateway/gateway.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeEngine } from '../../unit/gateway/fake-engine.ts';
import { ask, startTestGateway, type TestGateway } from './gateway-process.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.stop());

const code = (body: string): unknown => (JSON.parse(body) as { error?: { code?: unknown } }).error?.code;

describe('the token', () => {
  it('in the address becomes a strict, script-proof cookie and leaves the address', async () => {
    const { port, token, url } = test.gateway;
    expect(url).toBe(`http://127.0.0.1:${port}/?token=${token}`);
    const first = await ask(port, `/?token=${token}`);
    expect(first.status).toBe(302);
    expect(first.headers.location).toBe('/');
    const cookie = first.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    const page = await ask(port, '/', { cookie: cookie.split(';')[0] ?? '' });
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Tenhertz</title>');
  });

  it('has 32 random bytes', () => {
    expect(Buffer.from(test.gateway.token, 'base64url')).toHaveLength(32);
  });

  it('as a bearer opens everything', async () => {
    const { port, token } = test.gateway;
    expect((await ask(port, '/assets/index.js', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it.each(['/', '/assets/index.js', '/metrics', '/ws', '/nothing'])('is asked for at %s', async path => {
    const answer = await ask(test.gateway.port, path);
    expect(answer.status).toBe(401);
    expect(code(answer.body)).toBe('UNAUTHORIZED');
  });

  it('that is wrong is refused, in the address, as a bearer and as a cookie', async () => {
    const { port, token } = test.gateway;
    const wrong = token.replace(/^./, token.startsWith('A') ? 'B' : 'A');
    expect((await ask(port, `/?token=${wrong}`)).status).toBe(401);
    expect((await ask(port, '/', { authorization: `Bearer ${wrong}` })).status).toBe(401);
    expect((await ask(port, '/', { cookie: `tenhertz_${port}=${wrong}` })).status).toBe(401);
  });

  it('given twice is a bad parameter', async () => {
    const { port, token } = test.gateway;
    const answer = await ask(port, `/?token=${token}&token=${token}`);
    expect(answer.status).toBe(400);
    expect(code(answer.body)).toBe('BAD_PARAMETER');
  });

  it.each([
    ['//example.org/x', '/example.org/x'],
    ['/%5Cexample.org', '/%5Cexample.org'],
    ['/metrics?a=1', '/metrics?a=1'],
  ])('never redirects %s to another host', async (path, location) => {
    const { port, token } = test.gateway;
    const answer = await ask(port, `${path}${path.includes('?') ? '&' : '?'}token=${token}`);
    expect(answer.headers.location).toBe(location);
  });
});

describe('strangers', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '10.0.0.1:{port}'])(
    'with Host %s get 403, health included',
    async host => {
      const { port, token } = test.gateway;
      const headers = { host: host.replace('{port}', String(port)), authorization: `Bearer ${token}` };
      for (const path of ['/', '/healthz', '/metrics']) {
        const answer = await ask(port, path, headers);
        expect(answer.status).toBe(403);
        expect(code(answer.body)).toBe('WRONG_HOST');
      }
    },
  );

  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:1',
    'https://127.0.0.1:{port}',
    'http://localhost:{port}',
  ])('with Origin %s get 403', async origin => {
    const { port, token } = test.gateway;
    const headers = { origin: origin.replace('{port}', String(port)), authorization: `Bearer ${token}` };
    const answer = await ask(port, '/', headers);
    expect(answer.status).toBe(403);
    expect(code(answer.body)).toBe('WRONG_ORIGIN');
  });

  it('are not our own page, whichever of the three names it was opened by', async () => {
    const { port, token } = test.gateway;
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const headers = {
        host: `${name}:${port}`,
        origin: `http://${name}:${port}`,
        authorization: `Bearer ${token}`,
      };
      expect((await ask(port, '/', headers)).status).toBe(200);
    }
  });
});

describe('answers', () => {
  it('carry a policy that allows the page itself and its socket, nothing else', async () => {
    const { port, token } = test.gateway;
    const { headers } = await ask(port, '/', { authorization: `Bearer ${token}` });
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://127.0.0.1:${port}; ` +
        "img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('for what is not there are 404 in the shape of every error', async () => {
    const { port, token } = test.gateway;
    for (const [path, method] of [
      ['/nothing', 'GET'],
      ['/../package.json', 'GET'],
      ['/%2e%2e/%2e%2e/etc/passwd', 'GET'],
      ['/', 'POST'],
    ] as const) {
      const answer = await ask(port, path, { authorization: `Bearer ${token}` }, method);
      expect([403, 404]).toContain(answer.status);
      expect(code(answer.body)).toBeTypeOf('string');
    }
  });

  it('to an address that cannot be read are 400 in that shape', async () => {
    const { port, token } = test.gateway;
    const answer = await ask(port, '/%zz', { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(400);
    expect(code(answer.body)).toBe('BAD_REQUEST');
  });

  it('to a plain request at /ws say that it is a WebSocket', async () => {
    const { port, token } = test.gateway;
    const answer = await ask(port, '/ws', { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(426);
    expect(code(answer.body)).toBe('UPGRADE_REQUIRED');
  });

  it('at /metrics are Prometheus text of the engine', async () => {
    const { port, token } = test.gateway;
    test.engine.metrics.eventsPublished.inc({ channel: 'price-updates' }, 3);
    const answer = await ask(port, '/metrics', { authorization: `Bearer ${token}` });
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain('tenhertz_events_published_total{channel="price-updates"} 3');
  });

  it('to an unexpected failure hide what failed', async () => {
    const { port, token } = test.gateway;
    const { registry } = test.engine.metrics;
    const whole = registry.metrics.bind(registry);
    registry.metrics = () => Promise.reject(new Error('a secret inside'));
    const answer = await ask(port, '/metrics', { authorization: `Bearer ${token}` });
    registry.metrics = whole;
    expect(answer.status).toBe(500);
    expect(code(answer.body)).toBe('INTERNAL');
    expect(answer.body).not.toContain('secret');
  });
});

describe('starting', () => {
  const deps = () => ({ engine: new FakeEngine(), log: silentLogger, clock: new ManualClock(), port: 0 });

  it('on another address than loopback is refused as wrong configuration', async () => {
    for (const host of ['0.0.0.0', '192.168.1.2', '::', 'example.org']) {
      await expect(startGateway({ ...deps(), rendererDir: test.rendererDir, host })).rejects.toMatchObject({
        code: 'HOST_NOT_LOOPBACK',
        exitCode: 3,
      });
    }
  });

  it('without a built monitor says to build it', async () => {
    await expect(
      startGateway({ ...deps(), rendererDir: '/nowhere', host: '127.0.0.1' }),
    ).rejects.toMatchObject({
      code: 'RENDERER_MISSING',
      exitCode: 4,
    });
  });

  it('on a port that is taken is refused and leaves nothing listening', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(
      startGateway({ ...deps(), rendererDir: test.rendererDir, host: '127.0.0.1', port }),
    ).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE', exitCode: 3 });
    other.close();
  });

  it('as localhost is reached at 127.0.0.1, and the port is free again after close', async () => {
    const second = await startTestGateway({ host: 'localhost' });
    expect(second.gateway.url).toContain('http://127.0.0.1:');
    expect((await ask(second.gateway.port, '/healthz')).status).toBe(200);
    await second.stop();
    await expect(ask(second.gateway.port, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
