import { describe, expect, it } from 'vitest';
import {
  noticeFor,
  noticeWords,
  sourceWords,
  type NoticeInput,
} from '../../../src/renderer/banner/notice.ts';
import { pairName, productOf, sourceName } from '../../../src/renderer/state/names.ts';
import {
  formatAge,
  formatClock,
  formatCount,
  formatMoment,
  formatMs,
} from '../../../src/renderer/time/format-time.ts';
import { badgesFor } from '../../../src/renderer/top-bar/badge.ts';
import { entryTitle, statusEntries } from '../../../src/renderer/status/status-entries.ts';
import { trailPath } from '../../../src/renderer/health/trail-path.ts';
import { sparkPath, sparkPoints } from '../../../src/renderer/watchlist/spark-points.ts';
import { commonPrefix } from '../../../src/renderer/watchlist/price-text.tsx';
import { rowAfterKey } from '../../../src/renderer/watchlist/watchlist.tsx';
import { NOON, barOf, sourceOf, statusOf } from './support.ts';

const COUNTS = { fresh: 0, delayed: 0, stale: 0, unavailable: 0 };

describe('times in words', () => {
  it('writes ages in one shape per size', () => {
    expect([0, -5, 149, 59_999].map(formatAge)).toEqual(['0.0 s', '0.0 s', '0.1 s', '59.9 s']);
    expect([60_000, 3_599_000, 7_380_000, 277_200_000].map(formatAge)).toEqual([
      '1 m 00 s',
      '59 m 59 s',
      '2 h 03 m',
      '3 d 05 h',
    ]);
  });

  it('writes moments in UTC, durations and counts', () => {
    expect(formatClock(NOON)).toBe('12:00:00');
    expect(formatMoment(NOON)).toBe('2026-11-21 12:00:00 UTC');
    expect([null, 0.34, 9.96, 500, 1_240].map(formatMs)).toEqual(['—', '0.3 ms', '10 ms', '500 ms', '1.2 s']);
    expect(formatCount(1_234_567)).toBe('1,234,567');
  });
});

describe('names', () => {
  it('are those people use', () => {
    expect([sourceName('kraken'), sourceName('recorded:coinbase'), sourceName('')]).toEqual([
      'Kraken',
      'Recorded · Coinbase',
      '',
    ]);
    expect([pairName('SOL'), pairName('coinbase:SKL-USD'), pairName('kraken:SOL/EUR')]).toEqual([
      'SOL / USD',
      'SKL / USD',
      'SOL / EUR',
    ]);
    expect([productOf('SOL'), productOf('coinbase:SKL-USD')]).toEqual(['SOL', 'SKL-USD']);
  });
});

describe('the badges', () => {
  const texts = (...args: Parameters<typeof badgesFor>): string[] =>
    badgesFor(...args).map(badge => badge.text);

  it('say LIVE only in a live market with every price fresh and batches coming', () => {
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 5 } })).toEqual(['LIVE']);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 4, unavailable: 1 } })).toEqual([
      'LIVE',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 4, delayed: 1 } })).toEqual([
      'DELAYED 1 of 5',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 1, stale: 4 } })).toEqual([
      'STALE 4 of 5',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, unavailable: 5 } })).toEqual([
      'NO PRICES',
    ]);
    expect(texts('live', { connection: 'live', counts: COUNTS })).toEqual(['NO TOKENS']);
    for (const connection of ['reconnecting', 'lost'] as const) {
      expect(texts('live', { connection, counts: { ...COUNTS, fresh: 5 } })).toEqual(['DISCONNECTED']);
    }
    expect(texts(null, { connection: 'connecting', counts: COUNTS })).toEqual(['CONNECTING']);
  });

  it('always say when prices are invented or recorded', () => {
    expect(texts('simulated', { connection: 'live', counts: { ...COUNTS, fresh: 5 } })).toEqual([
      'SIMULATED',
    ]);
    expect(texts('recorded', { connection: 'live', counts: { ...COUNTS, stale: 5 } })).toEqual([
      'RECORDED',
      'STALE 5 of 5',
    ]);
    expect(texts('simulated', { connection: 'lost', counts: COUNTS })).toEqual(['SIMULATED', 'DISCONNECTED']);
  });
});

describe('which notice stands over the chart', () => {
  const input = (over: Partial<NoticeInput> = {}): NoticeInput => ({
    connection: 'live',
    status: statusOf(),
    counts: { ...COUNTS, fresh: 2 },
    token: 'SOL',
    selected: 'fresh',
    ...over,
  });
  const down = statusOf({
    sources: [sourceOf({ state: 'down' }), sourceOf({ name: 'jupiter', state: 'connecting', attempt: 3 })],
  });

  it('is none when all is well or nothing is known yet', () => {
    expect(noticeFor(input())).toBeNull();
    expect(noticeFor(input({ selected: 'delayed' }))).toBeNull();
    expect(noticeFor(input({ connection: 'connecting', status: null }))).toBeNull();
    expect(noticeFor(input({ token: null, selected: 'unavailable' }))).toBeNull();
  });

  it('is the most serious one', () => {
    const redisGone = statusOf({ redis: { ...statusOf().redis, state: 'down' } });
    expect(noticeFor(input({ connection: 'lost', status: redisGone, selected: 'stale' }))).toBe(
      'disconnected',
    );
    expect(noticeFor(input({ status: redisGone, selected: 'stale' }))).toBe('redis');
    expect(noticeFor(input({ selected: 'stale' }))).toBe('stale');
    expect(noticeFor(input({ selected: 'unavailable' }))).toBe('unavailable');
  });

  it('offers the simulated market only when no live source can be reached and none gave a price', () => {
    const none = { ...COUNTS, unavailable: 2 };
    expect(noticeFor(input({ status: down, counts: none, selected: 'unavailable' }))).toBe('no-sources');
    expect(noticeFor(input({ status: down, counts: { ...COUNTS, stale: 2 }, selected: 'stale' }))).toBe(
      'stale',
    );
    const trying = statusOf({ sources: [sourceOf({ state: 'connecting', attempt: 1 })] });
    expect(noticeFor(input({ status: trying, counts: none, selected: 'unavailable' }))).toBe('unavailable');
    const simulated = { ...down, mode: 'simulated' as const };
    expect(noticeFor(input({ status: simulated, counts: none, selected: 'unavailable' }))).toBe(
      'unavailable',
    );
  });
});

describe('the words of a notice', () => {
  const now = NOON + 6_200;
  const words = (
    kind: Parameters<typeof noticeWords>[0],
    over: Partial<Parameters<typeof noticeWords>[1]> = {},
  ): string => {
    const { headline, detail } = noticeWords(kind, {
      status: statusOf(),
      token: 'SOL',
      vouchedAt: NOON,
      silentFor: 4_200,
      now,
      ...over,
    });
    return `${headline} | ${detail}`;
  };

  it('say who is silent, since when, and when the next attempt is', () => {
    const status = statusOf({
      sources: [
        sourceOf({ state: 'silent', nextAttemptAt: now + 3_000 }),
        sourceOf({ name: 'coinbase', state: 'connecting', attempt: 3 }),
        sourceOf({ name: 'jupiter', state: 'rate-limited', nextAttemptAt: now + 12_800 }),
        sourceOf({ name: 'pyth', state: 'off' }),
      ],
    });
    expect(words('stale', { status })).toBe(
      'No source vouches for SOL | Kraken silent for 6.2 s, next attempt in 3.0 s, Coinbase reconnecting (attempt 3), ' +
        'Jupiter rate limited until 12:00:19 UTC. The last price is 6.2 s old.',
    );
    expect(words('unavailable', { status: statusOf({ sources: [] }) })).toBe(
      'No price for SOL yet | No source is switched on.',
    );
    expect(words('stale', { status: statusOf({ sources: [] }), vouchedAt: null })).toContain(
      'The last price is 0.0 s old',
    );
  });

  it('name every source that cannot be reached, by state, and the next attempt', () => {
    const status = statusOf({
      sources: [
        sourceOf({ state: 'down', nextAttemptAt: now + 4_000 }),
        sourceOf({ name: 'coinbase', state: 'down', nextAttemptAt: now + 2_000 }),
        sourceOf({ name: 'jupiter', state: 'refused' }),
      ],
    });
    expect(words('no-sources', { status })).toBe(
      'No live source can be reached | Kraken, Coinbase down; Jupiter refused. Next attempt in 2.0 s. No price is shown that nobody gave.',
    );
    expect(words('no-sources', { status: statusOf({ sources: [] }) })).toContain('No source is switched on.');
    const due = statusOf({ sources: [sourceOf({ state: 'down', nextAttemptAt: now })] });
    expect(words('no-sources', { status: due })).toContain('Next attempt now.');
  });

  it('pass on what Redis says of itself', () => {
    const redis = { ...statusOf().redis, state: 'down' as const, message: 'It is being started again.' };
    expect(words('redis', { status: statusOf({ redis }) })).toBe(
      'Redis is gone | It is being started again.',
    );
    const connecting = { ...redis, state: 'connecting' as const, message: null };
    expect(words('redis', { status: statusOf({ redis: connecting }) })).toMatch(
      /^Connecting to Redis \| Nothing new arrives/,
    );
  });

  it('say how long the engine has been silent', () => {
    expect(words('disconnected', { status: null, token: null })).toMatch(
      /^The engine does not answer \| Last heard 4\.2 s ago/,
    );
  });

  it('have something to say about each state of a source', () => {
    const say = (over: Parameters<typeof sourceOf>[0]): string => sourceWords(sourceOf(over), now);
    expect(say({ lastHeardAt: now - 100 })).toBe('Kraken live');
    expect(say({ lastHeardAt: null })).toBe('Kraken live');
    expect(say({ lastHeardAt: NOON })).toBe('Kraken silent for 6.2 s');
    expect(say({ state: 'silent', lastHeardAt: null, since: NOON })).toBe('Kraken silent for 6.2 s');
    expect(say({ state: 'connecting' })).toBe('Kraken connecting');
    expect(say({ state: 'connecting', attempt: 2, nextAttemptAt: now + 500 })).toBe(
      'Kraken reconnecting (attempt 2, next attempt in 0.5 s)',
    );
    expect(say({ state: 'rate-limited' })).toBe('Kraken rate limited');
    expect(say({ state: 'refused' })).toBe('Kraken refused');
    expect(say({ state: 'refused', message: 'bad key' })).toBe('Kraken refused (bad key)');
    expect(say({ state: 'down', since: NOON })).toBe('Kraken down for 6.2 s');
    expect(say({ state: 'ended' })).toBe('Kraken has ended');
    expect(say({ state: 'off' })).toBe('Kraken off');
  });
});

describe('the truth bar', () => {
  const own = { duplicates: 3, missed: 0 };
  const live = { connection: 'live', screenHz: 10 } as const;
  const entries = (...args: Parameters<typeof statusEntries>): Record<string, string> =>
    Object.fromEntries(statusEntries(...args).map(({ id, value, tone }) => [id, `${value} (${tone})`]));

  it('states each part with a tone and words', () => {
    expect(entries({ status: statusOf(), ...own }, live)).toEqual({
      engine: 'connected (good)',
      redis: 'embedded · 0.3 ms (good)',
      sources: '1 of 1 (good)',
      'source:kraken': 'live (good)',
      updater: 'every 500 ms (good)',
      subscription: '8.0 ms (good)',
      screen: '10.0 Hz (good)',
      duplicates: '5 (good)',
      gaps: '0 (good)',
      refused: '0 (good)',
    });
  });

  it('says what is wrong, and since when', () => {
    const base = statusOf();
    const status = statusOf({
      redis: { ...base.redis, state: 'down', since: NOON, message: 'gone' },
      sources: [sourceOf({ refused: 2 }), sourceOf({ name: 'coinbase', state: 'down', message: 'no route' })],
      updater: { ...base.updater, state: 'waiting', message: 'another desk writes' },
      subscription: { ...base.subscription, state: 'waiting', gaps: 1 },
    });
    expect(entries({ status, duplicates: 0, missed: 4 }, live)).toMatchObject({
      redis: 'down since 12:00:00 (bad)',
      sources: '1 of 2 (warn)',
      'source:coinbase': 'down (bad)',
      updater: 'waiting (warn)',
      subscription: 'waiting (warn)',
      gaps: '1 (warn)',
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
    const young = statusOf({ redis: { ...base.redis, latencyMs: null } });
    expect(entries({ status: young, ...own }, live)).toMatchObject({ redis: 'embedded (good)' });
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

describe('small curves', () => {
  it('take one close for five seconds, what came live over what was loaded', () => {
    const past = [barOf(NOON - 5_000, '1'), barOf(NOON, '2')];
    const seconds = [barOf(NOON + 1_000, '3'), barOf(NOON + 4_000, '4'), barOf(NOON + 5_000, '5')];
    expect(sparkPoints(past, seconds).map(point => point.close)).toEqual([1, 4, 5]);
    expect(sparkPoints([barOf(NOON - 300_000, '9')], seconds).map(point => point.close)).toEqual([4, 5]);
    expect(sparkPoints([], [])).toEqual([]);
  });

  it('end at the right edge and stay inside their box', () => {
    const path = sparkPath(sparkPoints([], [barOf(NOON, '1'), barOf(NOON + 295_000, '3')]), 76, 22);
    expect(path).toBe('M0.0 21.0L76.0 1.0');
    expect(sparkPath(sparkPoints([], [barOf(NOON, '2'), barOf(NOON + 5_000, '2')]), 76, 22)).toMatch(
      /L76\.0 11\.0$/,
    );
    expect(sparkPath([{ time: NOON, close: 1 }], 76, 22)).toBe('');
  });

  it('of measurements start at zero and leave out what is unknown', () => {
    expect(trailPath([null, 0, null, 10], 4, 90, 20)).toBe('M30.0 19.0L90.0 3.3');
    expect(trailPath([0, 0], 2, 10, 20)).toBe('M0.0 19.0L10.0 19.0');
    expect(trailPath([null, 1], 2, 10, 20)).toBe('');
  });
});

describe('the watchlist', () => {
  it('moves by arrow keys, Home and End, and not past its ends', () => {
    const to = (key: string, from: number): number | null => rowAfterKey(key, from, 5);
    expect([
      to('ArrowDown', 0),
      to('ArrowDown', 4),
      to('ArrowUp', 3),
      to('ArrowUp', 0),
      to('Home', 3),
      to('End', 1),
    ]).toEqual([1, 4, 2, 0, 0, 4]);
    expect(to('x', 2)).toBeNull();
  });

  it('tints only the digits that changed', () => {
    expect(commonPrefix('151.23', '151.29')).toBe(5);
    expect(commonPrefix('151.2', '151.2')).toBe(5);
    expect(commonPrefix('9', '10')).toBe(0);
  });
});
