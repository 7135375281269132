import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import type { ChannelPattern } from '../events/channel-pattern.ts';
import { createStreamRead } from '../events/stream-read.ts';
import { findStreamKeys } from '../redis/find-keys.ts';
import { channelOfStream, keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { ModeOf } from './channel-modes.ts';
import type { LedgerDatabase } from './database.ts';
import type { Difference } from './difference.ts';
import { NumberRanges } from './number-ranges.ts';
import { checkNumbers } from './verify-numbers.ts';
import { comparePages, type ChannelCheck } from './verify-pages.ts';
import { KNOWN_CHANNELS } from './verify-statements.ts';

/** What is to be compared. Times are Redis' own of the entries. */
export interface VerifyQuery {
  since: EpochMs;
  /** Inclusive; `null`: as far as can be judged. */
  until: EpochMs | null;
  /** None: every channel there is. */
  channels: readonly ChannelPattern[];
  /** Entries younger than this when it begins may still be on their way to the ledger; they are not judged. ms. */
  delayMs: number;
}

/** What was compared. */
export interface VerifySummary {
  /** Compared, by name. */
  channels: string[];
  /** Not compared, because their mode is off. */
  off: string[];
  /** Not compared with a stream, because theirs holds nothing; their records were checked by themselves. */
  empty: string[];
  /** Entries. */
  compared: number;
  /** Entries that are no events. */
  unreadable: number;
  differences: number;
  /** False when the look for streams ended before it had seen every key. */
  complete: boolean;
}

export interface VerifyOptions {
  signal: AbortSignal;
  /** Called for each difference; the comparison waits for it. */
  report: (difference: Difference) => Promise<void>;
}

export interface VerifyDeps {
  pool: RedisPool;
  ledger: LedgerDatabase;
  clock: Clock;
  modeOf: ModeOf;
  /** How far back records of a type are kept; all are, when left out. */
  keptSince?: (type: string) => EpochMs;
}

/** Looking for streams may look at a few million keys. */
const LOOK = { ms: 30_000, keys: 100_000 };

/**
 * Compares the streams of a server with the ledger over a period, channel by channel (R7.4), and reports each difference. It
 * reads only, and holds one page of entries at a time, however long the period is.
 *
 * Rejects with `UNKNOWN_CHANNEL` (exit code 2) for a channel neither side has, and with the errors of the pool and the ledger.
 */
export async function verify(
  deps: VerifyDeps,
  query: VerifyQuery,
  { signal, report }: VerifyOptions,
): Promise<VerifySummary> {
  const { pool, ledger, modeOf, keptSince = () => 0 } = deps;
  const read = createStreamRead(pool);
  const summary: VerifySummary = {
    channels: [],
    off: [],
    empty: [],
    compared: 0,
    unreadable: 0,
    differences: 0,
    complete: true,
  };
  const now = await serverTime(pool);
  const until = Math.min(query.until ?? now, now - query.delayMs);
  for (const channel of await channelsOf(deps, query.channels, summary)) {
    if (signal.aborted) break;
    const mode = modeOf(channel);
    if (mode === 'off') {
      summary.off.push(channel);
      continue;
    }
    summary.channels.push(channel);
    const check: ChannelCheck = {
      ...{ read, ledger, channel, mode, keptSince, signal },
      ...{ since: query.since, until },
      missing: new NumberRanges(),
      async report(difference) {
        if (signal.aborted) return;
        summary.differences += 1;
        await report(difference);
      },
    };
    const { compared, unreadable, empty } = await comparePages(check);
    summary.compared += compared;
    summary.unreadable += unreadable;
    if (empty) summary.empty.push(channel);
    await checkNumbers(check);
  }
  return summary;
}

/** The channels either side has, by name; a name that was asked for must be among them. */
async function channelsOf(
  { pool, ledger, clock }: VerifyDeps,
  wanted: readonly ChannelPattern[],
  summary: VerifySummary,
): Promise<string[]> {
  const { rows } = await ledger.query<{ channel: string }>({ text: KNOWN_CHANNELS });
  const streams = await findStreamKeys(pool, clock, keys.stream('*'), LOOK);
  summary.complete = streams.complete;
  const known = new Set(rows.map(({ channel }) => channel));
  for (const key of streams.keys) known.add(channelOfStream(key) ?? '');
  known.delete('');
  // The look may have ended early: what was asked for by name is looked at in any case.
  for (const { text, wildcard } of wanted) {
    if (!wildcard && (await pool.shared().exists(keys.stream(text))) === 1) known.add(text);
    if (wildcard || known.has(text)) continue;
    throw new TenhertzError(
      'UNKNOWN_CHANNEL',
      `There is no channel "${text}": it has neither a stream nor records. See the names with: tenhertz verify --since -1s`,
      { exitCode: 2, facts: { channel: text } },
    );
  }
  const chosen = [...known].filter(
    channel => wanted.length === 0 || wanted.some(pattern => pattern.matches(channel)),
  );
  return chosen.sort((a, b) => (a < b ? -1 : 1));
}

/** Entries carry the server's time, not ours. */
async function serverTime(pool: RedisPool): Promise<EpochMs> {
  const [seconds, micros] = await pool.shared().time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
