import type { EpochMs, StatusView } from '../../shared/contract.ts';
import { channelSums } from '../health/channel-sums.ts';
import { SOURCE_TONES, SOURCE_WORDS, sourceName, type Tone } from '../state/names.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Vitals } from '../state/vitals.ts';
import { formatAge, formatClock, formatCount, formatMs } from '../format/times.ts';
import { fixedNumber } from '../format/prices.ts';
import { ledgerEntry } from './ledger-entry.ts';

/** Above this lag the screen is no longer a tenth of a second behind (R5.9). */
export const LAG_GOAL_MS = 100;

/** A queue shorter than this is the ordinary work of one batch (the engine sends at most so many at once). */
const QUEUE_QUIET = 1_000;

/** One statement of the truth bar. */
export interface StatusEntry {
  /** `redis`, `ledger`, `source:kraken`, `sources`, `updater`, `subscription`, `screen`, `queue`, `missed`, `duplicates`, `gaps`, `refused`. */
  id: string;
  label: string;
  value: string;
  tone: Tone;
  /** More words for the title; its age is added when it is drawn. */
  detail: string;
  /** When this was last known to be so; `null` for what the screen measures itself, now. */
  at: EpochMs | null;
  side: 'left' | 'right';
}

/**
 * The truth bar's statements. While the engine is silent nothing of what it said is repeated as a fact: its entries turn
 * to "unknown" and the title says what was last known.
 */
export function statusEntries(
  screen: Pick<ScreenState, 'status' | 'duplicates' | 'missed'>,
  vitals: Pick<Vitals, 'connection' | 'screenHz'>,
): StatusEntry[] {
  const { status } = screen;
  const known = status === null ? [] : [...partsOf(status), ...countsOf(status, screen)];
  const engine = vitals.connection === 'live' ? known : known.map(entry => unknown(entry));
  const left = engine.filter(entry => entry.side === 'left');
  const right = engine.filter(entry => entry.side === 'right');
  return [engineEntry(vitals), ...left, screenEntry(vitals), ...right];
}

function engineEntry({ connection }: Pick<Vitals, 'connection'>): StatusEntry {
  const words = {
    connecting: 'connecting',
    live: 'connected',
    reconnecting: 'not answering',
    lost: 'not answering',
  };
  const tones = { connecting: 'busy', live: 'good', reconnecting: 'bad', lost: 'bad' } as const;
  return {
    id: 'engine',
    label: 'Engine',
    value: words[connection],
    tone: tones[connection],
    detail: 'Judged by the batches that arrive',
    at: null,
    side: 'left',
  };
}

function screenEntry({ screenHz, connection }: Pick<Vitals, 'connection' | 'screenHz'>): StatusEntry {
  return {
    id: 'screen',
    label: 'Screen',
    value: `${fixedNumber(screenHz, 1)} Hz`,
    tone: connection === 'live' ? 'good' : 'off',
    detail: 'Batches painted a second, over the last two seconds',
    at: null,
    side: 'right',
  };
}

function partsOf(status: StatusView): StatusEntry[] {
  const { at, redis, sources, updater, subscription } = status;
  const left = (entry: Omit<StatusEntry, 'at' | 'side'>): StatusEntry => ({ ...entry, at, side: 'left' });
  const used = sources.filter(source => source.state !== 'off');
  const live = used.filter(source => source.state === 'live').length;
  return [
    left({
      id: 'redis',
      label: 'Redis',
      value:
        redis.state === 'up'
          ? `${redis.kind}${redis.latencyMs === null ? '' : ` · ${formatMs(redis.latencyMs)}`}`
          : `${redis.state} since ${formatClock(redis.since)}`,
      tone: redis.state === 'up' ? 'good' : redis.state === 'connecting' ? 'busy' : 'bad',
      detail: redis.message ?? `${redis.kind} at ${redis.address}`,
    }),
    left({ id: 'ledger', label: 'Ledger', ...ledgerEntry(status) }),
    left({
      id: 'sources',
      label: 'Sources',
      value: `${live} of ${used.length}`,
      tone: live === used.length && live > 0 ? 'good' : live > 0 ? 'warn' : 'bad',
      detail: used.map(source => `${sourceName(source.name)} ${SOURCE_WORDS[source.state]}`).join(', '),
    }),
    ...sources.map(source =>
      left({
        id: `source:${source.name}`,
        label: sourceName(source.name),
        value: SOURCE_WORDS[source.state],
        tone: SOURCE_TONES[source.state],
        detail: source.message ?? `Vouches for ${source.vouching} of ${source.asked} tokens`,
      }),
    ),
    left({
      id: 'updater',
      label: 'Updater',
      value: updater.state === 'running' ? `every ${formatMs(updater.everyMs)}` : updater.state,
      tone: updater.state === 'running' ? 'good' : updater.state === 'waiting' ? 'warn' : 'off',
      detail: updater.message ?? 'Writes the newest prices to the cache and publishes them',
    }),
    left({
      id: 'subscription',
      label: 'Lag',
      value: subscription.state === 'following' ? formatMs(subscription.lagMs) : subscription.state,
      tone: subscription.state === 'following' && (subscription.lagMs ?? 0) <= LAG_GOAL_MS ? 'good' : 'warn',
      detail: `Subscription ${subscription.group} ${subscription.state}, ${formatCount(subscription.applied)} events applied`,
    }),
  ];
}

function countsOf(status: StatusView, screen: { duplicates: number; missed: number }): StatusEntry[] {
  const { at, subscription, sources, feed } = status;
  const refused = subscription.refused + sources.reduce((sum, source) => sum + source.refused, 0);
  const count = (id: string, label: string, value: number, detail: string, quiet = false): StatusEntry => ({
    id,
    label,
    value: formatCount(value),
    tone: value === 0 || quiet ? 'good' : 'warn',
    detail,
    at,
    side: 'right',
  });
  return [
    count(
      'queue',
      'Queue',
      feed.queued,
      'Events waiting for the window that is furthest behind',
      feed.queued < QUEUE_QUIET,
    ),
    count(
      'missed',
      'Missed',
      screen.missed,
      'Events this window did not answer in time for, so that its lists started anew',
    ),
    count(
      'duplicates',
      'Duplicates dropped',
      subscription.duplicates + screen.duplicates,
      `${formatCount(subscription.duplicates)} by the engine, ${formatCount(screen.duplicates)} by this screen`,
      true,
    ),
    gapsEntry(status),
    count('refused', 'Refused', refused, 'Quotes and entries that were malformed, stale or absurd'),
  ];
}

function gapsEntry({ at, subscription }: StatusView): StatusEntry {
  const { open, healed, lost } = channelSums(subscription.channels).gaps;
  return {
    id: 'gaps',
    label: 'Gaps',
    value: `${formatCount(open)} open`,
    tone: open > 0 || lost > 0 ? 'warn' : 'good',
    detail: `Missing sequence numbers: ${formatCount(open)} open, ${formatCount(healed)} healed, ${formatCount(lost)} lost`,
    at,
    side: 'right',
  };
}

function unknown(entry: StatusEntry): StatusEntry {
  return {
    ...entry,
    value: 'unknown',
    tone: 'off',
    detail: `Last known: ${entry.value}. The engine does not answer now`,
  };
}

/** The title of an entry at engine time `now`: its detail and how old it is. */
export function entryTitle(entry: StatusEntry, now: EpochMs): string {
  return `${entry.label}: ${entry.detail} · ${entry.at === null ? 'measured now' : `${formatAge(now - entry.at)} ago`}`;
}
