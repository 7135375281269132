import { describe, expect, it } from 'vitest';
import { ledgerEntry } from '../../../src/renderer/status/ledger-entry.ts';
import { entryTitle, statusEntries } from '../../../src/renderer/status/status-entries.ts';
import { NOON, channelOf, sourceOf, statusOf } from './support.ts';

describe('the truth bar', () => {
  const own = { duplicates: 3, missed: 0 };
  const live = { connection: 'live', screenHz: 10 } as const;
  const entries = (...args: Parameters<typeof statusEntries>): Record<string, string> =>
    Object.fromEntries(statusEntries(...args).map(({ id, value, tone }) => [id, `${value} (${tone})`]));

  it('states each part with a tone and words', () => {
    expect(entries({ status: statusOf(), ...own }, live)).toEqual({
      engine: 'connected (good)',
      redis: 'embedded · 0.3 ms (good)',
      ledger: 'embedded (good)',
      sources: '1 of 1 (good)',
      'source:kraken': 'live (good)',
      updater: 'every 500 ms (good)',
      subscription: '8.0 ms (good)',
      screen: '10.0 Hz (good)',
      duplicates: '5 (good)',
      queue: '0 (good)',
      missed: '0 (good)',
      gaps: '0 open (good)',
      refused: '0 (good)',
    });
  });

  it('says what is wrong, and since when', () => {
    const base = statusOf();
    const status = statusOf({
      redis: { ...base.redis, state: 'down', since: NOON, message: 'gone' },
      sources: [sourceOf({ refused: 2 }), sourceOf({ name: 'coinbase', state: 'down', message: 'no route' })],
      updater: { ...base.updater, state: 'waiting', message: 'another desk writes' },
      subscription: {
        ...base.subscription,
        state: 'waiting',
        channels: [channelOf({ gaps: { open: 1, healed: 4, lost: 2 } })],
      },
      feed: { ...base.feed, queued: 3_200 },
    });
    expect(entries({ status, duplicates: 0, missed: 4 }, live)).toMatchObject({
      redis: 'down since 12:00:00 (bad)',
      sources: '1 of 2 (warn)',
      'source:coinbase': 'down (bad)',
      updater: 'waiting (warn)',
      subscription: 'waiting (warn)',
      queue: '3,200 (warn)',
      gaps: '1 open (warn)',
      refused: '2 (warn)',
      missed: '4 (warn)',
    });
    const dark = statusOf({
      redis: { ...base.redis, state: 'connecting', since: NOON },
      sources: [sourceOf({ state: 'down' })],
      updater: { ...base.updater, state: 'stopped' },
    });
    expect(entries({ status: dark, ...own }, live)).toMatchObject({
      redis: 'connecting since 12:00:00 (busy)',
      sources: '0 of 1 (bad)',
      updater: 'stopped (off)',
    });
    const late = statusOf({ subscription: { ...base.subscription, lagMs: 140 } });
    expect(entries({ status: late, ...own }, live)).toMatchObject({ subscription: '140 ms (warn)' });
    const young = statusOf({ redis: { ...base.redis, latencyMs: null } });
    expect(entries({ status: young, ...own }, live)).toMatchObject({ redis: 'embedded (good)' });
  });

  it('says how the ledger is, and that it is off by choice', () => {
    const base = statusOf().ledger;
    const said = (ledger: Partial<typeof base>) => ledgerEntry({ ledger: { ...base, ...ledger } });
    expect(said({ latencyMs: 0.42 })).toMatchObject({
      value: 'embedded · 0.4 ms',
      tone: 'good',
      detail: 'embedded',
    });
    expect(
      said({ kind: 'external', address: 'postgres://h:5432/d', unconfirmed: 3, outbox: 1 }),
    ).toMatchObject({
      value: 'external',
      tone: 'good',
      detail: 'external at postgres://h:5432/d; 4 events on their way to it',
    });
    expect(said({ message: 'The disk is full' })).toMatchObject({ tone: 'warn', detail: 'The disk is full' });
    expect(said({ lost: 2 })).toMatchObject({ tone: 'warn', detail: 'embedded; 2 events were lost to it' });
    expect(said({ state: 'down', since: NOON, message: 'gone' })).toEqual({
      value: 'down since 12:00:00',
      tone: 'bad',
      detail: 'gone',
    });
    expect(said({ state: 'connecting', since: NOON })).toMatchObject({ tone: 'busy' });
    expect(said({ state: 'off', kind: 'off' })).toEqual({
      value: 'off',
      tone: 'off',
      detail: 'Nothing is recorded',
    });
    expect(said({ state: 'off', message: 'off by choice' }).detail).toBe('off by choice');
  });

  it('repeats nothing as a fact while the engine is silent', () => {
    for (const connection of ['reconnecting', 'lost'] as const) {
      const said = statusEntries({ status: statusOf(), ...own }, { connection, screenHz: 0 });
      const fromEngine = said.filter(entry => entry.id !== 'engine' && entry.id !== 'screen');
      expect(fromEngine.map(entry => [entry.value, entry.tone])).toEqual(
        fromEngine.map(() => ['unknown', 'off']),
      );
      expect(fromEngine[0]?.detail).toContain('Last known: embedded · 0.3 ms');
    }
  });

  it('gives every entry an age', () => {
    const said = statusEntries({ status: statusOf(), ...own }, live);
    for (const entry of said)
      expect(entryTitle(entry, NOON + 4_000)).toMatch(/( · 4\.0 s ago| · measured now)$/);
    expect(
      statusEntries({ status: null, ...own }, { connection: 'connecting', screenHz: 0 }).map(
        entry => entry.id,
      ),
    ).toEqual(['engine', 'screen']);
  });
});
