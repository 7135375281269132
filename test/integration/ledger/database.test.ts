import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';

describe.each(postgresKinds)('the ledger database on the %s server', kind => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startTestPostgres(kind, { fast: true });
  }, 60_000);
  afterAll(() => server.stop());

  it('migrates an empty database and answers', async () => {
    const ledger = await openTestLedger(server);
    await ledger.query({
      text: "INSERT INTO channel (channel, last_sequence) VALUES ('a', 9007199254740993)",
    });
    const row = await ledger.kysely.selectFrom('channel').selectAll().executeTakeFirstOrThrow();
    expect(row).toEqual({ channel: 'a', epoch: 1, last_sequence: '9007199254740993' });
    expect(ledger.status()).toMatchObject({ state: 'up', kind: 'external', message: null });
    await ledger.close();
    expect(ledger.status()).toMatchObject({ state: 'down' });
  });
  it('comes back by itself after the server was killed', async () => {
    const ledger = await openTestLedger(server);
    await server.kill();
    await expect(ledger.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    await server.restart();
    await ledger.ready(10_000);
    expect((await ledger.query({ text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
    await ledger.close();
  });
});
