import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readPattern } from '../../../src/main/engine/events/channel-pattern.ts';
import { channelModes, type ModeRule } from '../../../src/main/engine/ledger/channel-modes.ts';
import { verify } from '../../../src/main/engine/ledger/verify.ts';
import { openTestLedger } from '../../support/ledger.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import type { Written } from './rows.ts';
import { events, kinds, NOW, START, VerifyDesk, without } from './verify-desk.ts';

describe.each(postgresKinds)('what verify judges, with the %s PostgreSQL', kind => {
  let desk: VerifyDesk;
  beforeAll(async () => {
    desk = await VerifyDesk.start(kind);
  }, 120_000);
  afterAll(() => desk.stop());
  beforeEach(() => desk.clear());

  it('takes data for the same that is written otherwise: order of members, exponents, characters jsonb cannot take', async () => {
    const foreign =
      '{"b": 1e-9, "a":  1.50, "long":0.1234567890123456789012345, "text":"nul \\u0000 half \\ud83d"}';
    await desk.client.xadd(
      'stream:trades:bot',
      `${START}-1`,
      'event_id',
      'e1',
      'timestamp',
      String(START),
      'data',
      foreign,
    );
    await desk.alter(
      `INSERT INTO event_log (event_id, channel, event_type, source, occurred_at, data, stream_id, published_at, position_ms, position_seq)
       VALUES ('e1', 'trades:bot', 'trade_executed', 'unknown', to_timestamp($1::numeric / 1000), $2::jsonb, $1 || '-1', now(), $1::bigint, 1)`,
      String(START),
      '{"a":1.5,"b":0.000000001,"long":0.12345678901234567890123450,"text":"nul \uFFFD half \uFFFD"}',
    );
    expect((await desk.verify()).found).toEqual([]);
    await desk.alter(`UPDATE event_log SET data = jsonb_set(data, '{long}', '0.1234567890123456789012346')`);
    expect(kinds((await desk.verify()).found)).toEqual(['altered data']);
  });

  it('says of an empty stream that nothing can be looked for in it', async () => {
    await desk.write([], events('trade-events', 3));
    const { found, summary } = await desk.verify();
    expect(found).toEqual([]);
    expect(summary).toMatchObject({ channels: ['trade-events'], empty: ['trade-events'] });
  });

  it('does not take what retention removed for a fault', async () => {
    const all = events('prices:btc', 30, { type: 'price_update', data: { token: 'BTC', price: '1' } });
    // Ticks before the 20th are past their time; a status among them is kept for longer.
    const status: Written = {
      ...(all[4] as Written),
      type: 'system_status',
      data: { token: 'BTC', price: '1' },
    };
    const stream = all.map(one => (one.sequence === 5 ? status : one));
    await desk.write(stream, [status, ...all.slice(19)]);
    const keptSince = (type: string): number => (type === 'price_update' ? START + 190 : 0);
    expect((await desk.verify({}, { keptSince })).found).toEqual([]);
    expect((await desk.verify({ since: START + 200 }, { keptSince })).found).toEqual([]);
    expect((await desk.verify()).found).not.toEqual([]);
  });

  it('judges nothing younger than the delay, nor outside the period', async () => {
    const all = events('trade-events', 10);
    const young: Written = { channel: 'trade-events', id: 'young', at: NOW, sequence: 11 };
    await desk.write([...all, young], without(all, 2, 9));
    const delayMs = Date.now() - NOW + 1_000;
    expect(kinds((await desk.verify({ delayMs })).found)).toEqual([
      'missing_in_ledger 2',
      'missing_in_ledger 9',
    ]);
    expect(kinds((await desk.verify({ delayMs, since: START + 11 })).found)).toEqual(['missing_in_ledger 9']);
    expect(kinds((await desk.verify({ delayMs, until: START + 10 })).found)).toEqual(['missing_in_ledger 2']);
    expect((await desk.verify({ since: NOW - 10, delayMs: 60_000 })).summary.compared).toBe(0);
  });

  it('compares the channels asked for, leaves out those that are off, and refuses one nobody knows', async () => {
    await desk.write([...events('trade-events', 2), ...events('trades:a', 2), ...events('noise', 2)], []);
    const rules: ModeRule[] = [{ pattern: 'noise', mode: 'off' }];
    expect((await desk.verify({}, { rules })).summary).toMatchObject({
      channels: ['trade-events', 'trades:a'],
      off: ['noise'],
    });
    const channels = [readPattern('trades:*')];
    expect((await desk.verify({ channels })).summary.channels).toEqual(['trades:a']);
    await expect(desk.verify({ channels: [readPattern('nope')] })).rejects.toMatchObject({
      code: 'UNKNOWN_CHANNEL',
      exitCode: 2,
    });
  });

  it('counts entries that are no events, and finds one whose data the ledger cannot hold among others', async () => {
    const all = events('trades:bot', 7);
    await desk.write(all.slice(0, 5));
    await desk.client.xadd('stream:trades:bot', `${START + 100}-0`, 'data', 'not JSON');
    const huge = `{"amount":"1","n":0.${'1'.repeat(17_000)}e-1}`;
    await desk.client.xadd('stream:trades:bot', `${START + 200}-0`, 'event_id', 'huge', 'data', huge);
    const { found, summary } = await desk.verify();
    expect(summary).toMatchObject({ compared: 6, unreadable: 1 });
    expect(found).toMatchObject([{ kind: 'missing_in_ledger', event_id: 'huge' }]);
    expect(found[0]?.detail).toContain('cannot be stored');
  });

  it('stops when it is told to', async () => {
    await desk.write(events('trade-events', 500), []);
    const stop = new AbortController();
    stop.abort();
    expect((await desk.verify({}, { signal: stop.signal })).summary).toMatchObject({
      compared: 0,
      channels: [],
    });
  });

  it('refuses a key that is no stream, and is told when the ledger is away', async () => {
    await desk.write([], events('trade-events', 1));
    await desk.client.set('stream:trade-events', 'text');
    await expect(desk.verify()).rejects.toMatchObject({ code: 'NOT_A_STREAM' });
    const away = await openTestLedger(desk.pg, { url: desk.ledger.url });
    await away.close();
    const pending = verify(
      { pool: desk.pool, ledger: away, clock: systemClock, modeOf: channelModes() },
      { since: START, until: null, channels: [], delayMs: 0 },
      { signal: new AbortController().signal, report: () => Promise.resolve() },
    );
    await expect(pending).rejects.toMatchObject({ code: 'LEDGER_DOWN' });
  });
});
