import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerChoices, LedgerSection } from '../../../src/main/engine/config/ledger-settings.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { toLedger } from '../ledger/rows.ts';

const text = await readFile(join(import.meta.dirname, '../../../docs/ledger.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, kind]) => kind === language)
    .map(([, , code]) => code ?? '');
const block = (words: string): string => blocks('sql').find(code => code.includes(words)) ?? '';

describe.each(postgresKinds)('docs/ledger.md, on a %s PostgreSQL', kind => {
  let server: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    server = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(server);
    const data = { token_pair: 'SOL/USDC', action: 'buy', amount: '0.1', price: '151.2348' };
    const at = Date.now();
    await toLedger(ledger, [
      { channel: 'trade-events', id: 'a', at, sequence: 1, data },
      { channel: 'trade-events', id: 'b', at: at + 1, sequence: 5, data: { ...data, amount: '0.2' } },
    ]);
  }, 60_000);
  afterAll(async () => {
    await ledger.close();
    await server.stop();
  });

  it('lists every column of every table', async () => {
    const { rows } = await ledger.query<{ table_name: string; column_name: string }>({
      text: `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'tenhertz_%'`,
    });
    expect(new Set(rows.map(row => row.table_name))).toEqual(
      new Set(['event_log', 'channel', 'latest_event', 'candle']),
    );
    for (const { column_name: name } of rows) expect(text).toContain(`\`${name}\``);
  });

  it('gives statements that run as they are, and say what the page says', async () => {
    const run = async (words: string) => (await ledger.query({ text: block(words) })).rows;
    expect(await run("interval '1 hour'")).toMatchObject([
      { pair: 'SOL/USDC', amount: '0.1', price: '151.2348' },
      { amount: '0.2' },
    ]);
    expect(await run('GROUP BY 1, 2')).toEqual([
      { pair: 'SOL/USDC', action: 'buy', count: '2', amount: '0.3' },
    ]);
    expect(await run('lead(sequence)')).toEqual([{ first: '2', last: '4' }]);
    expect(await run('WHERE published_at IS NULL')).toEqual([]);
  });

  it('lets another program append in its own transaction, and others read and append with the rights named', async () => {
    const url = new URL(ledger.url);
    const as = async (user: string, password: string, sql: string) => {
      url.username = user;
      url.password = password;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        return await client.query(sql);
      } finally {
        await client.end();
      }
    };
    await ledger.query({ text: `INSERT INTO channel VALUES ('trade-events', 1, 5)` });
    await ledger.query({ text: block('CREATE ROLE bot') });
    await as('bot', 'and me', block('tenhertz_append'));
    const { rows } = await as('analyst', 'change me too', block('WHERE published_at IS NULL'));
    expect(rows).toMatchObject([{ channel: 'trade-events', sequence: '6' }]);
    await expect(as('analyst', 'change me too', block('tenhertz_append'))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(as('bot', 'and me', 'DELETE FROM event_log')).rejects.toMatchObject({ code: '42501' });
  });

  it('makes a role and a database the ledger can live in', async () => {
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    const statements = block('CREATE DATABASE').replaceAll('tenhertz', 'other').split(';').slice(0, -1);
    for (const statement of statements) await admin.query(statement);
    await admin.end();
    const fresh = await openTestLedger(server, {
      url: `postgres://other:change%20me@127.0.0.1:${server.port}/other`,
    });
    expect(fresh.status().state).toBe('up');
    await fresh.close();
  });

  it('shows settings the program takes', () => {
    const sections = blocks('json').map(code =>
      LedgerSection.parse((JSON.parse(code) as { ledger: unknown }).ledger),
    );
    expect(sections).toHaveLength(2);
    expect(ledgerChoices(sections[0]).modes).toHaveLength(2);
    expect(ledgerChoices(sections[1]).retention.ticksDays).toBe(7);
  });
});
