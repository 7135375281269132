import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { postgresKinds, type TestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';
import { useRecorders } from './record-scene.ts';
import { inStream, type StrictParts } from './strict-parts.ts';

describe.each(postgresKinds)('the recorder in trouble with the %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let ledger: TestLedger;
  let parts: StrictParts;
  let metrics: Metrics;
  const { recorder, price, prices, recorded } = useRecorders(
    kind,
    scene => ({ pg, ledger, parts, metrics } = scene),
  );

  it('leaves out an event that cannot be stored, and counts it', async () => {
    await ledger.query({ text: `ALTER TABLE event_log ADD CHECK (data::text NOT LIKE '%poison%')` });
    const one = recorder();
    one.add([
      ...(await prices(1, 9)),
      await price(10, { data: '{"token":"X","price":"1","n":"poison"}' }),
      await price(11),
    ]);
    await one.flush(30_000);
    expect(await recorded()).toHaveLength(10);
    expect(one.stats()).toMatchObject({ lost: 1, confirmFailures: 1, unconfirmed: 0 });
    expect((await metrics.ledgerLost.get()).values).toMatchObject([
      { labels: { reason: 'refused' }, value: 1 },
    ]);
  });

  it('keeps events while the ledger is away, and records them when it is back', async () => {
    const one = recorder();
    await pg.halt();
    one.add(await prices(1, 1_500));
    await until(() => one.stats().confirmFailures > 1, 30_000, 'no failure was counted');
    expect(one.stats()).toMatchObject({ unconfirmed: 1_500, lost: 0 });
    expect((await metrics.ledgerConfirmFailures.get()).values[0]?.value).toBe(one.stats().confirmFailures);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      30_000,
      () => JSON.stringify(one.stats()),
    );
    expect(await recorded()).toHaveLength(1_500);
  });

  it('reads from the streams what had no room in memory', async () => {
    const one = recorder({ maxEvents: 500 });
    await pg.halt();
    const events = await prices(1, 3_000);
    one.add(events.slice(0, 400));
    one.add(await prices(10_001, 10_050, 'ui-events'));
    one.add(events.slice(400));
    expect(one.stats().unconfirmed).toBe(3_050);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      30_000,
      () => JSON.stringify(one.stats()),
    );
    one.add([await price(3_001)]);
    await one.flush(30_000);
    expect(await recorded()).toEqual(Array.from({ length: 3_001 }, (_, n) => `1:${n + 1} ${n + 1}`));
    expect(await recorded('ui-events')).toHaveLength(50);
    expect(one.stats().lost).toBe(0);
  });

  it('counts what was trimmed before it could be read as lost', async () => {
    const one = recorder({ maxBytes: 10_000 });
    await pg.halt();
    one.add(await prices(1, 300));
    await parts.pool.shared().xtrim('stream:price-updates', 'MAXLEN', '=', 100);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      30_000,
      () => JSON.stringify(one.stats()),
    );
    expect(await recorded()).toHaveLength(100);
    expect(one.stats().lost).toBe(200);
    expect((await metrics.ledgerLost.get()).values).toMatchObject([
      { labels: { reason: 'trimmed' }, value: 200 },
    ]);
    expect(await inStream(parts.pool, 'price-updates')).toHaveLength(100);
  });

  it('a flush ends in time while the ledger is away', async () => {
    const one = recorder();
    await pg.halt();
    one.add([await price(1)]);
    const began = Date.now();
    await one.flush(300);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(one.stats().unconfirmed).toBe(1);
    await pg.restart();
    await ledger.ready(30_000);
  });
});
