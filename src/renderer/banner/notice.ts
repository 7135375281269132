import type { EpochMs, SourceStatus, StatusView, Token } from '../../shared/contract.ts';
import type { Freshness } from '../../shared/freshness.ts';
import { formatAge, formatClock, zoneName } from '../format/times.ts';
import { SOURCE_WORDS, productOf, sourceName } from '../state/names.ts';
import type { Connection, FreshnessCounts } from '../state/vitals.ts';

/** What stands over the chart when the numbers on it need a warning; the most serious one wins. */
export type NoticeKind = 'disconnected' | 'redis' | 'no-sources' | 'stale' | 'unavailable';

export interface NoticeInput {
  connection: Connection;
  status: StatusView | null;
  counts: FreshnessCounts;
  token: Token | null;
  selected: Freshness;
}

/** Which notice holds now, `null` when all is well. */
export function noticeFor({ connection, status, counts, token, selected }: NoticeInput): NoticeKind | null {
  if (connection === 'reconnecting' || connection === 'lost') return 'disconnected';
  if (status === null) return null;
  if (status.redis.state !== 'up') return 'redis';
  if (token === null) return null;
  const none = counts.unavailable === status.tokens.length;
  if (status.mode === 'live' && none && status.sources.every(source => !isHopeful(source)))
    return 'no-sources';
  if (selected === 'stale') return 'stale';
  return selected === 'unavailable' ? 'unavailable' : null;
}

/** Words of a notice at engine time `now`: a bold headline and what is behind it. */
export function noticeWords(
  kind: NoticeKind,
  given: {
    status: StatusView | null;
    token: Token | null;
    vouchedAt: EpochMs | null;
    silentFor: number;
    now: EpochMs;
  },
): { headline: string; detail: string } {
  const { status, token, vouchedAt, silentFor, now } = given;
  const name = token === null ? '' : productOf(token);
  const sources = (status?.sources ?? []).filter(source => source.state !== 'off');
  const told = sources.map(source => sourceWords(source, now)).join(', ');
  switch (kind) {
    case 'disconnected':
      return {
        headline: 'The engine does not answer',
        detail: `Last heard ${formatAge(silentFor)} ago. Every number below is as old as it says; the screen reconnects by itself.`,
      };
    case 'redis':
      return {
        headline: status?.redis.state === 'connecting' ? 'Connecting to Redis' : 'Redis is gone',
        detail: status?.redis.message ?? `Nothing new arrives until it is back, which happens by itself.`,
      };
    case 'no-sources':
      return { headline: 'No live source can be reached', detail: unreachableWords(sources, now) };
    case 'stale':
      return {
        headline: `No source vouches for ${name}`,
        detail: `${told || 'No source is switched on'}. The last price is ${formatAge(now - (vouchedAt ?? now))} old.`,
      };
    case 'unavailable':
      return { headline: `No price for ${name} yet`, detail: `${told || 'No source is switched on'}.` };
  }
}

/** One source in words: who is silent since when, and when it is tried next. */
export function sourceWords(source: SourceStatus, now: EpochMs): string {
  const name = sourceName(source.name);
  const heardAt = source.lastHeardAt ?? source.since;
  const next = source.nextAttemptAt !== null && source.nextAttemptAt > now ? source.nextAttemptAt : null;
  const retry = next === null ? '' : `, next attempt in ${formatAge(next - now)}`;
  switch (source.state) {
    case 'live':
      return source.lastHeardAt === null || now - source.lastHeardAt < 2_000
        ? `${name} live`
        : `${name} silent for ${formatAge(now - source.lastHeardAt)}`;
    case 'silent':
      return `${name} silent for ${formatAge(now - heardAt)}${retry}`;
    case 'connecting':
      return source.attempt > 1
        ? `${name} reconnecting (attempt ${source.attempt}${retry})`
        : `${name} connecting`;
    case 'rate-limited':
      return next === null
        ? `${name} rate limited`
        : `${name} rate limited until ${formatClock(next)} ${zoneName(next)}`;
    case 'refused':
      return `${name} refused${source.message === null ? '' : ` (${source.message})`}`;
    case 'down':
      return `${name} down for ${formatAge(now - source.since)}${retry}`;
    case 'ended':
      return `${name} has ended`;
    case 'off':
      return `${name} off`;
  }
}

/** All sources at once, in as few words as the facts allow. */
function unreachableWords(sources: readonly SourceStatus[], now: EpochMs): string {
  if (sources.length === 0) return 'No source is switched on.';
  const states = [...new Set(sources.map(source => source.state))];
  const groups = states.map(state => {
    const names = sources.filter(source => source.state === state).map(source => sourceName(source.name));
    return `${names.join(', ')} ${SOURCE_WORDS[state]}`;
  });
  const next = Math.min(...sources.map(source => source.nextAttemptAt ?? Infinity));
  const retry = Number.isFinite(next)
    ? ` Next attempt ${next > now ? `in ${formatAge(next - now)}` : 'now'}.`
    : '';
  return `${groups.join('; ')}.${retry} No price is shown that nobody gave.`;
}

/** Live, or in its first attempt to become so: not yet a reason to call the market unreachable. */
function isHopeful(source: SourceStatus): boolean {
  return source.state === 'live' || (source.state === 'connecting' && source.attempt <= 1);
}
