import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportRows, type ExportRequest } from '../../../src/main/engine/ledger/export.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { toLedger } from './rows.ts';

const AT = Date.parse('2026-11-20T10:00:00.000Z');
const DATA = '{"amount":"0.000000001234567890123456789","tiny":1e-9,"long":0.1234567890123456789012345}';

describe.each(postgresKinds)('export, with the %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    pg = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(pg);
  }, 120_000);
  afterAll(async () => {
    await ledger.close();
    await pg.stop();
  });
  beforeEach(async () => {
    await ledger.query({ text: 'TRUNCATE event_log, candle' });
  });

  const run = async (
    request: ExportRequest,
    take: (piece: string) => boolean = () => true,
  ): Promise<{ text: string; count: number }> => {
    let text = '';
    const count = await exportRows(ledger, request, piece => {
      text += piece;
      return Promise.resolve(take(piece));
    });
    return { text, count };
  };
  const whole = { since: 0, until: null } as const;
  const lines = (text: string): unknown[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line) as unknown);

  const record = async (data = DATA): Promise<void> => {
    await toLedger(ledger, [{ channel: 'trade-events', id: 'e1', at: AT, seq: 3, sequence: 7 }]);
    await ledger.query({
      text: `UPDATE event_log SET data = $1, received_at = '2026-11-20 11:00:00.123456+01', published_at = '2026-11-20T10:00:01Z'`,
      values: [data],
    });
  };

  it('writes NDJSON as a replay does, with what only the ledger knows, and not a digit less', async () => {
    await record();
    const { text, count } = await run({ ...whole, format: 'ndjson', channel: 'trade-events' });
    expect(count).toBe(1);
    expect(text).toBe(
      `{"event_id":"e1","event_type":"trade_executed","channel":"trade-events","source":"bot",` +
        `"timestamp":"2026-11-20T10:00:00.000Z","sequence_number":7,"id":"${AT}-3",` +
        `"data":{"long": 0.1234567890123456789012345, "tiny": 0.000000001, "amount": "0.000000001234567890123456789"},` +
        `"epoch":1,"received_at":"2026-11-20T10:00:00.123456Z","confirmed_at":null,"published_at":"2026-11-20T10:00:01.000Z"}\n`,
    );
  });

  it('writes CSV with a head, quotes doubled and CRLF', async () => {
    await record('{"note":"two\\nlines, and \\"quotes\\""}');
    const { text } = await run({ ...whole, format: 'csv', channel: 'trade-events' });
    expect(text).toBe(
      'channel,event_id,sequence_number,event_type,source,timestamp,id,data,epoch,received_at,confirmed_at,published_at\r\n' +
        `trade-events,e1,7,trade_executed,bot,2026-11-20T10:00:00.000Z,${AT}-3,` +
        '"{""note"": ""two\\nlines, and \\""quotes\\""""}",1,2026-11-20T10:00:00.123456Z,,2026-11-20T10:00:01.000Z\r\n',
    );
  });

  it('keeps a spreadsheet from running what another program wrote', async () => {
    await record();
    await ledger.query({ text: `UPDATE event_log SET source = '=HYPERLINK("http://x")', data = '-5'` });
    const { text } = await run({ ...whole, format: 'csv', channel: 'trade-events' });
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).toContain(`,'-5,`);
    expect((await run({ ...whole, format: 'ndjson', channel: 'trade-events' })).text).toContain(
      '"source":"=HYPERLINK(\\"http://x\\")"',
    );
  });

  it('keeps the order of the stream, channel by channel, and the period', async () => {
    const of = (channel: string, at: number, seq = 0) => ({
      channel,
      id: `${channel}-${at}-${seq}`,
      at: AT + at,
      seq,
      sequence: null,
    });
    await toLedger(ledger, [of('b', 2), of('a', 5, 1), of('b', 1), of('a', 5, 0), of('a', 9)]);
    const ids = async (request: ExportRequest): Promise<unknown[]> =>
      lines((await run(request)).text).map(line => (line as { event_id: string }).event_id);
    expect(await ids({ ...whole, format: 'ndjson', all: true })).toEqual([
      'a-5-0',
      'a-5-1',
      'a-9-0',
      'b-1-0',
      'b-2-0',
    ]);
    expect(await ids({ format: 'ndjson', all: true, since: AT + 2, until: AT + 5 })).toEqual([
      'a-5-0',
      'a-5-1',
      'b-2-0',
    ]);
    expect(await ids({ ...whole, format: 'ndjson', channel: 'b' })).toEqual(['b-1-0', 'b-2-0']);
  });

  it('writes candles, decimals as texts', async () => {
    await ledger.query({
      text: `INSERT INTO candle VALUES ('live', 'BONK', '1m', $1, 0.00001230, 0.0000124, 0.0000122, 0.0000123000, NULL),
        ('live', 'BONK', '1m', $2, 1, 2, 0.5, 1.50, 12.000000001), ('simulated', 'BONK', '1s', $1, 1, 1, 1, 1, 1), ('live', 'SOL', '1m', $1, 1, 1, 1, 1, 1)`,
      values: [AT, AT + 60_000],
    });
    expect((await run({ ...whole, format: 'csv', candles: 'BONK', until: AT })).text).toBe(
      'market,token,interval,time,open,high,low,close,volume\r\n' +
        'live,BONK,1m,2026-11-20T10:00:00.000Z,0.00001230,0.0000124,0.0000122,0.0000123000,\r\n' +
        'simulated,BONK,1s,2026-11-20T10:00:00.000Z,1,1,1,1,1\r\n',
    );
    const { text } = await run({ format: 'ndjson', candles: 'BONK', since: AT + 1, until: null });
    expect(lines(text)).toEqual([
      {
        ...{ market: 'live', token: 'BONK', interval: '1m', time: '2026-11-20T10:01:00.000Z' },
        ...{ open: '1', high: '2', low: '0.5', close: '1.50', volume: '12.000000001' },
      },
    ]);
  });

  it('hands on pages, no faster than they are taken, and stops when nobody takes more', async () => {
    await toLedger(
      ledger,
      Array.from({ length: 3_000 }, (_, index) => ({
        channel: 'c',
        id: `e${index}`,
        at: AT + index,
        sequence: index + 1,
      })),
    );
    let pieces = 0;
    const all = await run({ ...whole, format: 'ndjson', all: true }, () => (pieces += 1) > 0);
    expect(lines(all.text)).toHaveLength(3_000);
    expect(pieces).toBeGreaterThan(3);
    const some = await run({ ...whole, format: 'ndjson', all: true }, () => false);
    expect(some.count).toBeLessThan(3_000);
    expect(await run({ ...whole, format: 'csv', all: true }, () => false)).toMatchObject({ count: 0 });
    // A reader that fails ends it, and the connection is free again.
    await expect(
      exportRows(ledger, { ...whole, format: 'ndjson', all: true }, () => Promise.reject(new Error('full'))),
    ).rejects.toThrow('full');
    expect((await run({ ...whole, format: 'ndjson', channel: 'none' })).count).toBe(0);
  });
});
