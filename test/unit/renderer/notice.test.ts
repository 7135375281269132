import { describe, expect, it } from 'vitest';
import {
  noticeFor,
  noticeWords,
  sourceWords,
  type NoticeInput,
} from '../../../src/renderer/banner/notice.ts';
import { NOON, sourceOf, statusOf } from './support.ts';

const COUNTS = { fresh: 0, delayed: 0, stale: 0, unavailable: 0 };

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
