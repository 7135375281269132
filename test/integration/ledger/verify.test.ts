import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPattern } from '../../../src/main/engine/events/channel-pattern.ts';
import type { ModeRule } from '../../../src/main/engine/ledger/channel-modes.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import { toLedger, toStream, type Written } from './rows.ts';
import { events, kinds, START, VerifyDesk, without } from './verify-desk.ts';

describe.each(postgresKinds)('what verify finds, with the %s PostgreSQL', kind => {
  let desk: VerifyDesk;
  beforeAll(async () => {
    desk = await VerifyDesk.start(kind);
  }, 120_000);
  afterAll(() => desk.stop());
  beforeEach(() => desk.clear());

  it('finds nothing where both sides hold the same, over many pages and channels', async () => {
    await desk.write([...events('trade-events', 2_345), ...events('price-updates', 1_200)]);
    const { found, summary } = await desk.verify();
    expect(found).toEqual([]);
    expect(summary).toMatchObject({
      channels: ['price-updates', 'trade-events'],
      compared: 3_545,
      unreadable: 0,
      off: [],
      empty: [],
      complete: true,
    });
  });

  it('finds a missing row, and does not tell the hole it makes a second time', async () => {
    const all = events('trade-events', 50);
    await desk.write(all, without(all, 20, 21));
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['missing_in_ledger 20', 'missing_in_ledger 21']);
    expect(found[0]).toMatchObject({
      event_id: 'trade-events-20',
      id: `${START + 190}-0`,
      channel: 'trade-events',
    });
  });

  it('finds a row whose entry is gone, but not those the stream was trimmed of', async () => {
    const all = events('trade-events', 1_500);
    await desk.write(all);
    await desk.client.xdel('stream:trade-events', `${START + 700 * 10}-0`, `${START + 1_499 * 10}-0`);
    expect(kinds((await desk.verify()).found)).toEqual(['missing_in_stream 701', 'missing_in_stream 1500']);
    await desk.client.xtrim('stream:trade-events', 'MAXLEN', 300);
    expect(kinds((await desk.verify()).found)).toEqual(['missing_in_stream 1500']);
  });

  it('finds many rows without entries', async () => {
    const all = events('trade-events', 1_300);
    await desk.write([...all.slice(0, 1), ...all.slice(-1)], all);
    const { found } = await desk.verify();
    expect(found).toHaveLength(1_298);
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['missing_in_stream']));
  });

  it('finds an extra entry: one the ledger of a strict channel gave no number to, and one that repeats an event', async () => {
    const all = events('trade-events', 10);
    const strange: Written = { channel: 'trade-events', id: 'strange', at: START + 1_000, sequence: null };
    const next: Written = { ...strange, id: 'next', seq: 1, sequence: 11 };
    const again: Written = {
      ...strange,
      id: 'trade-events-3',
      seq: 2,
      sequence: 3,
      data: all[2]?.data ?? {},
    };
    await desk.write([...all, strange, next, again], all);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['extra_entry', 'extra_entry 11', 'extra_entry 3']);
    expect(found[2]?.detail).toBe(`repeats the event of entry ${START + 20}-0`);
    // Where the ledger only takes down what was published, the same two are missing in it.
    const rules: ModeRule[] = [{ pattern: 'trade-events', mode: 'confirm' }];
    expect(kinds((await desk.verify({}, { rules })).found)).toEqual([
      'missing_in_ledger',
      'missing_in_ledger 11',
      'extra_entry 3',
    ]);
  });

  it('takes an entry for a repetition also when the first is trimmed, or in another channel', async () => {
    const all = events('trade-events', 4);
    const again: Written = { ...(all[0] as Written), at: START + 500, sequence: null };
    const other: Written = { ...(all[3] as Written), channel: 'trades:copy', sequence: null, seq: 7 };
    await desk.write([...all, again, other], all);
    await desk.client.xdel('stream:trade-events', `${START}-0`);
    await desk.client.xtrim('stream:trade-events', 'MAXLEN', 4);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['extra_entry', 'extra_entry']);
    expect(found[1]).toMatchObject({
      channel: 'trades:copy',
      detail: `repeats the event of entry ${START + 30}-0 of "trade-events"`,
    });
  });

  it('finds a number that two entries have', async () => {
    const all = events('trade-events', 10);
    const twice: Written = { channel: 'trade-events', id: 'twice', at: START + 1_000, sequence: 4 };
    await desk.write([...all, twice], all);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['duplicate_sequence 4']);
    expect(found[0]).toMatchObject({
      event_id: 'twice',
      detail: expect.stringContaining('trade-events-4') as string,
    });
  });

  it('finds a number another program took, and lets it number its own events as it likes', async () => {
    const all = events('trade-events', 10);
    const own: Written[] = [3, 700, 50].map((sequence, index) => ({
      ...{ channel: 'trade-events', id: `own-${sequence}`, at: START + 500 + index, sequence },
    }));
    await toLedger(desk.ledger, own, 0);
    await desk.write([...all, ...own], all);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['duplicate_sequence 3']);
    expect(found[0]).toMatchObject({
      event_id: 'own-3',
      detail: 'another program gave it; in the ledger it is event trade-events-3',
    });
  });

  it('finds where the numbers began anew', async () => {
    const all = events('price-updates', 10);
    const anew = events('price-updates', 5).map(one => ({
      ...one,
      id: `anew-${one.id}`,
      at: one.at + 10_000,
    }));
    await toLedger(desk.ledger, anew, 2);
    await toStream(desk.client, [...all, ...anew]);
    await toLedger(desk.ledger, all);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['duplicate_sequence 1']);
    expect(found[0]).toMatchObject({ event_id: 'anew-price-updates-1' });
  });

  it('finds swapped order: records whose numbers do not rise with their places', async () => {
    const all = events('trade-events', 20);
    await desk.write(all);
    await desk.alter(
      `UPDATE event_log e SET position_ms = o.position_ms, stream_id = o.stream_id FROM event_log o
       WHERE (e.sequence, o.sequence) IN ((10, 11), (11, 10))`,
    );
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['altered 10 stream_id', 'altered 11 stream_id', 'order 10']);
    expect(found[2]).toMatchObject({ event_id: 'trade-events-10', detail: 'stands after number 11' });
    // What was trimmed from the stream is told by the ledger alone.
    await desk.client.del('stream:trade-events');
    expect(kinds((await desk.verify()).found)).toEqual(['order 10']);
  });

  it.each([
    ['data', `data = '{"amount":"0.000000001234567890123456780"}'`],
    ['event_type', `event_type = 'other'`],
    ['source', `source = 'somebody'`],
    ['timestamp', `occurred_at = occurred_at + interval '1 millisecond'`],
    ['stream_id', `stream_id = NULL`],
  ])('finds altered %s', async (field, change) => {
    await desk.write(events('trade-events', 5));
    await desk.alter(`UPDATE event_log SET ${change} WHERE sequence = 3`);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual([`altered 3 ${field}`]);
    expect(found[0]).toMatchObject({ event_id: 'trade-events-3', id: `${START + 20}-0` });
    expect(found[0]?.stream).not.toBe(found[0]?.ledger);
  });

  it('finds an altered channel and an altered number, and cuts what is long', async () => {
    const long = events('trade-events', 5, { data: { text: 'x'.repeat(2_000) } });
    await desk.write(long);
    await desk.alter(`UPDATE event_log SET sequence = 6, data = '{"text":1}' WHERE sequence = 5`);
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['altered 5 sequence_number', 'altered 5 data']);
    expect(found[1]?.stream).toHaveLength(401);
    await desk.alter(`UPDATE event_log SET channel = 'else' WHERE sequence = 1`);
    expect(kinds((await desk.verify({ channels: [readPattern('trade-events')] })).found)).toContain(
      'altered 1 channel',
    );
    await desk.alter(`UPDATE event_log SET position_seq = 7 WHERE sequence = 2`);
    expect((await desk.verify()).found).toContainEqual(
      expect.objectContaining({ field: 'stream_id', stream: `${START + 10}-0`, ledger: `${START + 10}-7` }),
    );
  });

  it('finds what was committed and never broadcast, and looks for no entry of it', async () => {
    const all = events('trade-events', 10);
    await desk.write(
      all.slice(0, 9),
      all.map((one, index) => ({ ...one, unmarked: index === 9 })),
    );
    const { found } = await desk.verify();
    expect(kinds(found)).toEqual(['not_published 10']);
    expect(found[0]?.detail).toMatch(/^committed at 20.*Z and not broadcast yet$/);
  });

  it('finds holes in the numbers', async () => {
    const all = without(events('trade-events', 30), 5, 11, 12, 13);
    await desk.write(all);
    const { found } = await desk.verify();
    expect(found.map(({ kind, sequence_number: from, sequence_until: to }) => [kind, from, to])).toEqual([
      ['hole', '5', '5'],
      ['hole', '11', '13'],
    ]);
  });
});
