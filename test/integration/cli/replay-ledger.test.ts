import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayLine } from '../../../src/shared/replay.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { toLedger, toStream, type Written } from '../ledger/rows.ts';
import { CommandBench } from './command-bench.ts';

describe.each(postgresKinds)('tenhertz replay with a ledger (%s)', kind => {
  let bench: CommandBench;
  let postgres: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    bench = await CommandBench.start();
    postgres = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(postgres);
  }, 120_000);
  afterAll(async () => {
    await ledger.close();
    await Promise.all([bench.stop(), postgres.stop()]);
  });
  beforeEach(() => bench.reset());

  const list: Written[] = Array.from({ length: 20 }, (_, index) => ({
    channel: 'trade-events',
    id: `e${index + 1}`,
    at: 1_000 + index,
    sequence: index + 1,
  }));
  const replay = (...more: string[]) =>
    bench.on(['replay', '--channel', 'trade-events', '--since', '0', ...more]);
  const ids = (lines: readonly unknown[]): string[] => lines.map(line => (line as ReplayLine).event_id);

  it('prints what the stream has trimmed from the ledger, and the rest from the stream', async () => {
    await toLedger(ledger, list.slice(0, 15));
    await toStream(bench.client, list.slice(12));
    const { code, lines, err } = await replay('--postgres', ledger.url);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(ids(lines)).toEqual(list.map(({ id }) => id));
  });

  it('prints the stream alone where the ledger is off by choice', async () => {
    await toStream(bench.client, list.slice(12));
    const { code, lines } = await replay('--postgres', 'off');
    expect(code).toBe(0);
    expect(ids(lines)).toEqual(list.slice(12).map(({ id }) => id));
  });

  it('says from when on it can answer while the ledger is away, and does not ask for it when it is not needed', async () => {
    const away = 'postgres://nobody:secret@127.0.0.1:1/nowhere';
    await toStream(bench.client, list);
    expect((await replay('--postgres', away)).lines).toHaveLength(20);
    await bench.client.xtrim('stream:trade-events', 'MAXLEN', 8);
    const refused = await replay('--postgres', away);
    expect(refused).toMatchObject({ code: 4, text: '' });
    expect(refused.err).toContain('The ledger (postgres://127.0.0.1:1/nowhere) cannot be used');
    expect(refused.err).toContain('reaches back to 1970-01-01T00:00:01.013Z only: ask from then on');
    expect(refused.err).not.toContain('secret');
    const began = Date.now();
    const later = await bench.on([
      ...['replay', '--channel', 'trade-events', '--since', '1970-01-01T00:00:01.013Z', '--postgres', away],
    ]);
    expect(later.lines).toHaveLength(7);
    expect(Date.now() - began).toBeLessThan(2_000);
  }, 120_000);
});
