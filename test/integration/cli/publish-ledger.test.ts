import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { CommandBench } from './command-bench.ts';

let pg: TestPostgres;
let ledger: TestLedger;
let bench: CommandBench;
beforeAll(async () => {
  [pg, bench] = await Promise.all([startTestPostgres('embedded', { fast: true }), CommandBench.start()]);
  ledger = await openTestLedger(pg);
}, 60_000);
afterAll(async () => {
  await ledger.close();
  await Promise.all([pg.stop(), bench.stop()]);
});

const publish = async (
  input: string[],
  ...more: string[]
): Promise<{ code: number; out: string; err: string }> => {
  const { process } = bench.host;
  [process.out, process.err] = ['', ''];
  process.stdin = Readable.from(input);
  const argv = ['publish', '--type', 'note', '--redis', bench.server.url, '--log-level', 'silent'];
  const code = await bench.host.run(...argv, ...more);
  return { code, out: process.out, err: process.err };
};

it('commits events of strict channels before they are broadcast, and records the others', async () => {
  const lines = ['trade-events', 'ui-events', 'trade-events'].map(
    channel => `${JSON.stringify({ channel, data: 1 })}\n`,
  );
  const { code, out } = await publish(lines, '--stdin', '--postgres', ledger.url);
  expect(code).toBe(0);
  expect(out.match(/"sequence_number":\d/g)).toEqual([
    '"sequence_number":1',
    '"sequence_number":1',
    '"sequence_number":2',
  ]);
  const { rows } = await ledger.query({
    text: `SELECT channel, sequence, stream_id IS NOT NULL AS placed FROM event_log ORDER BY channel, sequence`,
  });
  expect(rows).toEqual([
    { channel: 'trade-events', sequence: '1', placed: true },
    { channel: 'trade-events', sequence: '2', placed: true },
    { channel: 'ui-events', sequence: '1', placed: true },
  ]);
});

it('publishes nothing in a strict channel while the ledger is away, and says so: exit code 4', async () => {
  const nowhere = 'postgres://tenhertz:secret@127.0.0.1:1/tenhertz';
  const before = await bench.client.xlen('stream:trade-events');
  const { code, err } = await publish([], '--channel', 'trade-events', '--data', '1', '--postgres', nowhere);
  expect(code).toBe(4);
  expect(err).toContain('The ledger (postgres://127.0.0.1:1/tenhertz) cannot be used');
  expect(await bench.client.xlen('stream:trade-events')).toBe(before);
  expect((await publish([], '--channel', 'ui-events', '--data', '1', '--postgres', nowhere)).code).toBe(0);
});
