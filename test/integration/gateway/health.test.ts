import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusView } from '../../unit/gateway/fake-engine.ts';
import { ask, startTestGateway, type TestGateway } from './gateway-process.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.stop());

describe('/healthz', () => {
  it('is 200 without a token while Redis is up and the subscription follows', async () => {
    test.engine.view = statusView();
    const answer = await ask(test.gateway.port, '/healthz');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      status: 'ok',
      mode: 'live',
      redis: 'up',
      ledger: { state: 'up', outbox: 0, unconfirmed: 0, lost: 0 },
      subscription: 'following',
      updater: 'running',
      lagMs: 3,
    });
  });

  it.each(['down', 'connecting', 'off'] as const)(
    'stays 200 with a ledger that is %s, and tells what waits for it, without its address',
    async state => {
      const { ledger } = statusView();
      test.engine.view = statusView({ ledger: { ...ledger, state, outbox: 2, unconfirmed: 7, lost: 1 } });
      const answer = await ask(test.gateway.port, '/healthz');
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 'ok',
        ledger: { state, outbox: 2, unconfirmed: 7, lost: 1 },
      });
      expect(answer.body).not.toContain(ledger.address);
    },
  );

  it('is 503 when Redis is down or the subscription does not follow', async () => {
    const good = statusView();
    test.engine.view = statusView({ redis: { ...good.redis, state: 'down' } });
    expect((await ask(test.gateway.port, '/healthz')).status).toBe(503);
    test.engine.view = statusView({ subscription: { ...good.subscription, state: 'waiting' } });
    expect((await ask(test.gateway.port, '/healthz')).status).toBe(503);
  });
});

describe('/metrics', () => {
  it('counts the records that failed and what waits to be broadcast', async () => {
    const { port, token } = test.gateway;
    test.engine.metrics.ledgerConfirmFailures.inc(2);
    test.engine.metrics.ledgerOutboxPending.set(4);
    const { body } = await ask(port, '/metrics', { authorization: `Bearer ${token}` });
    expect(body).toContain('\ntenhertz_ledger_confirm_failures_total 2\n');
    expect(body).toContain('\ntenhertz_ledger_outbox_pending 4\n');
  });
});
