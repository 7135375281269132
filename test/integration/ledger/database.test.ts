import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';

/** A server in front of a PostgreSQL that can stay open and say nothing more. */
async function startProxy(port: number) {
  const pairs: { near: Socket; far: Socket; mute: boolean }[] = [];
  let muteNew = false;
  const listener = createServer(near => {
    const pair = { near, far: createConnection(port, '127.0.0.1'), mute: muteNew };
    pairs.push(pair);
    near.on('data', data => pair.mute || pair.far.write(data));
    pair.far.on('data', data => pair.mute || near.write(data));
    for (const socket of [near, pair.far])
      socket.on('error', () => undefined).on('close', () => [near, pair.far].forEach(one => one.destroy()));
  });
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    /** Silences the connections of now (one of them, by age), or of now and later. */
    silence(which: 'all' | number, later = false) {
      pairs.forEach((pair, index) => (pair.mute ||= which === 'all' || which === index));
      muteNew = later;
    },
    stop() {
      for (const { near } of pairs) near.destroy();
      return new Promise(resolve => listener.close(resolve));
    },
  };
}

describe.each(postgresKinds)('the ledger database on the %s server', kind => {
  let server: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    server = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(server);
  }, 120_000);
  afterAll(async () => {
    await ledger.close();
    await server.stop();
  });
  const one = async (text: string, values: unknown[] = []): Promise<unknown> =>
    (await ledger.query<{ one: unknown }>({ text, values })).rows[0]?.one;

  it('reads large numbers, decimals and counts as text, times as dates and JSON parsed', async () => {
    await ledger.query({
      text: "INSERT INTO channel (channel, last_sequence) VALUES ('a', 9007199254740993)",
    });
    expect(await ledger.kysely.selectFrom('channel').selectAll().executeTakeFirstOrThrow()).toEqual({
      channel: 'a',
      epoch: 1,
      last_sequence: '9007199254740993',
    });
    expect(await one('SELECT 0.10000000000000000000001::numeric AS one')).toBe('0.10000000000000000000001');
    expect(await one('SELECT count(*) AS one FROM channel')).toBe('1');
    expect(await one("SELECT '2026-01-02T03:04:05.678Z'::timestamptz AS one")).toEqual(
      new Date('2026-01-02T03:04:05.678Z'),
    );
    expect(await one(`SELECT '{"a":[1,"x"]}'::jsonb AS one`)).toEqual({ a: [1, 'x'] });
    expect(await one('SELECT $1::json AS one', ['{"a":1}'])).toEqual({ a: 1 });
  });

  it('is measured by its own statements, and says where it is without its password', async () => {
    await one('SELECT 1 AS one');
    const status = ledger.status();
    expect(status).toMatchObject({ state: 'up', kind: 'external', message: null });
    expect(status.latencyMs).toBeGreaterThan(0);
    expect(JSON.stringify(status)).not.toContain('secret');
    expect(await ledger.metrics.registry.getSingleMetricAsString('tenhertz_ledger_up')).toMatch(/ 1$/m);
  });

  it('commits a transaction whole, rolls it back whole, and tells one that hid a failure', async () => {
    await ledger.query({ text: 'CREATE TABLE t (n int PRIMARY KEY)' });
    expect(
      await ledger.transaction(async client => (await client.query('INSERT INTO t VALUES (1)')).rowCount),
    ).toBe(1);
    const own = new Error('changed my mind');
    await expect(
      ledger.transaction(async client => {
        await client.query('INSERT INTO t VALUES (2)');
        throw own;
      }),
    ).rejects.toBe(own);
    await expect(
      ledger.transaction(async client => {
        await client.query('INSERT INTO t VALUES (3)');
        await client.query('INSERT INTO t VALUES (1)').catch(() => undefined);
      }),
    ).rejects.toMatchObject({ code: 'LEDGER_REFUSED', facts: { sqlState: '25P02' } });
    expect(await one('SELECT array_agg(n) AS one FROM t')).toEqual([1]);
  });

  it('says what the server refused by its code, from every door', async () => {
    const refused = { code: 'LEDGER_REFUSED', facts: { sqlState: '42P01' } };
    await expect(ledger.query({ text: 'SELECT * FROM nothing' })).rejects.toMatchObject(refused);
    await expect(ledger.session(client => client.query('SELECT * FROM nothing'))).rejects.toMatchObject(
      refused,
    );
    await expect(sql`SELECT * FROM nothing`.execute(ledger.kysely)).rejects.toMatchObject(refused);
    const late = ledger.transaction(async client => {
      await client.query("SET LOCAL statement_timeout = '20ms'");
      await client.query('SELECT pg_sleep(5)');
    });
    await expect(late).rejects.toMatchObject({ code: 'LEDGER_DOWN', facts: { sqlState: '57014' } });
  });

  it('says that the disk is full, and shows it for a while', async () => {
    const full = ledger.query({
      text: "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
    });
    await expect(full).rejects.toMatchObject({ code: 'LEDGER_FULL', exitCode: 4 });
    expect(ledger.status()).toMatchObject({
      state: 'up',
      message: expect.stringContaining('is full') as unknown,
    });
  });

  it('leaves nothing of a session to the next one', async () => {
    const pid = await ledger.session(async client => {
      await client.query("SET statement_timeout = '1ms'; SELECT pg_advisory_lock(1)");
      return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
    });
    await until(
      async () => (await one('SELECT count(*) AS one FROM pg_stat_activity WHERE pid = $1', [pid])) === '0',
      30_000,
      'the connection stayed',
    );
    expect(await one('SELECT pg_try_advisory_lock(1) AS one')).toBe(true);
  });

  it('comes back by itself after the server was killed, and refuses at once in between', async () => {
    const states: string[] = [];
    const undo = ledger.onChange(status => states.push(status.state));
    const underWay = ledger.query({ text: 'SELECT pg_sleep(20)' });
    const told = expect(underWay).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    await until(
      async () =>
        (await one("SELECT count(*) AS one FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'")) !== '0',
      30_000,
      'not begun',
    );
    await server.kill();
    await told;
    await until(() => ledger.status().state === 'down', 30_000, 'it was not noticed');
    expect(ledger.status().message).toMatch(/connection refused.*Trying again/);
    await expect(ledger.query({ text: 'SELECT 1' })).rejects.toMatchObject({
      code: 'LEDGER_DOWN',
      exitCode: 4,
    });
    await expect(ledger.ready(1)).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    await server.restart();
    await ledger.ready(30_000);
    expect(await one('SELECT 1 AS one')).toBe(1);
    undo();
    expect(states.at(0)).toBe('connecting');
    expect(states.at(-1)).toBe('up');
  });

  it('notices a server that says nothing more, gives up its connections, and begins anew', async () => {
    const proxy = await startProxy(server.port);
    const url = (await server.createDatabase(`half_${Date.now()}`)).replace(
      `:${server.port}/`,
      `:${proxy.port}/`,
    );
    const far = await openTestLedger(server, { url, stuckMs: 200, connectTimeoutMs: 500 });
    await far.query({ text: 'SELECT 1' });
    proxy.silence('all', true);
    await expect(far.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    await until(() => far.status().state === 'down', 30_000, 'it was not noticed');
    expect(far.status().message).toContain('it did not answer in time');
    proxy.silence(-1, false);
    await far.ready(30_000);
    expect((await far.query({ text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
    expect(await far.metrics.registry.getSingleMetricAsString('tenhertz_ledger_replaced_total')).toMatch(
      / [1-9]/,
    );
    await far.close();
    await proxy.stop();
  });

  it('replaces one connection that hears nothing, and lets a statement that works take its time', async () => {
    const proxy = await startProxy(server.port);
    const url = (await server.createDatabase(`dead_${Date.now()}`)).replace(
      `:${server.port}/`,
      `:${proxy.port}/`,
    );
    const far = await openTestLedger(server, { url, stuckMs: 100 });
    expect((await far.query({ text: 'SELECT pg_sleep(3), 1 AS one' })).rows).toMatchObject([{ one: 1 }]);
    // The first connection is the one that watches.
    proxy.silence(1);
    const lost = far.transaction(client => client.query('SELECT 1'));
    await expect(lost).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    expect(far.status().state).toBe('up');
    expect((await far.query({ text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }]);
    await far.close();
    await proxy.stop();
  });

  it('stays up when the connection that watches is ended by somebody', async () => {
    const states: string[] = [];
    ledger.onChange(status => states.push(status.state));
    await ledger.query({
      text: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tenhertz' AND pid <> pg_backend_pid()",
    });
    await until(() => states.at(-1) === 'up', 30_000, 'it did not come back');
    expect(await one('SELECT 1 AS one')).toBe(1);
  });

  it('refuses what is under way and whatever comes when it is closed', async () => {
    const closing = await openTestLedger(server);
    const underWay = closing.query({ text: 'SELECT pg_sleep(20)' });
    const told = expect(underWay).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
    await new Promise(resolve => setImmediate(resolve));
    await closing.query({ text: 'SELECT 1' });
    await closing.close();
    await told;
    await closing.close();
    await expect(closing.query({ text: 'SELECT 1' })).rejects.toThrow(/was closed/);
    expect(closing.status()).toMatchObject({
      state: 'down',
      message: 'The connections to the ledger were closed.',
    });
  });
});
