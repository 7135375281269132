import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { LimitedLog } from '../logger.ts';
import type { Applier } from './applier.ts';
import type { ChannelStates } from './channel-state.ts';
import type { StreamEvent } from './event.ts';
import { searchGap } from './heal-gaps.ts';
import type { Intake } from './intake.ts';
import type { Reader } from './reader.ts';
import type { Gap, Range, SequenceWatch } from './sequence-watch.ts';

/** What is missing in a channel. */
export interface Missing {
  /** Entry ids of the neighbours on the two sides. */
  after: string;
  before: string;
  /** The numbers, in order; `null`: everything between the neighbours, the newest of it. */
  ranges: readonly Range[] | null;
}

/**
 * Answers events of a channel that the stream does not have any more, oldest first, at most some thousands at a time; it is asked
 * again as long as it finds some. Rejects with `LEDGER_DOWN` while it cannot say: the gap stays open then.
 */
export type SearchElsewhere = (channel: string, missing: Missing) => Promise<StreamEvent[]>;

/** Gaps searched for each time, and searches of the stream for one gap. */
const GAPS_TOGETHER = 10;
const SEARCHES = 5;
/** Between two questions that found nothing. */
const ASK_EVERY_MS = 1_000;
/** What was trimmed before it was read is asked for no longer than this. */
const UNREAD_FOR_MS = 3_600_000;

/**
 * Makes the work done on each beat for what is missing: the stream is searched first, then the ledger is asked. What is found is
 * brought to the reader as an errand, so that it is applied in the one place where events are applied.
 */
export function createGapSearch(deps: {
  group: string;
  consumer: string;
  clock: Clock;
  log: LimitedLog;
  reader: Reader;
  states: ChannelStates;
  intake: Intake;
  applier: Applier;
  gapAfterMs: number;
  idleMs: number;
  mostErrands: number;
  searchElsewhere?: SearchElsewhere | undefined;
}): (client: Redis) => Promise<void> {
  const { group, consumer, clock, log, reader, states, intake, applier, idleMs, searchElsewhere } = deps;
  const askAgainAt = new WeakMap<object, number>();
  let awayUntil = 0;
  let left = 0;

  const hasTurn = (): boolean => left > 0 && reader.errands.length < deps.mostErrands;

  /** Answers what was found, or `undefined` when nobody could say. */
  const ask = async (channel: string, missing: Missing, key: object): Promise<StreamEvent[] | undefined> => {
    if (searchElsewhere === undefined) return [];
    left -= 1;
    try {
      const found = await searchElsewhere(channel, missing);
      if (found.length === 0) askAgainAt.set(key, clock.monotonic() + ASK_EVERY_MS);
      return found;
    } catch (error) {
      awayUntil = clock.monotonic() + ASK_EVERY_MS;
      if (!(error instanceof TenhertzError && error.code === 'LEDGER_DOWN'))
        log.warn(
          `elsewhere ${channel}`,
          { channel, reason: messageOf(error) },
          'The ledger cannot be searched',
        );
      return undefined;
    }
  };
  const mayAsk = (key: object): boolean =>
    searchElsewhere !== undefined && clock.monotonic() >= Math.max(awayUntil, askAgainAt.get(key) ?? 0);

  const searchStream = async (client: Redis, channel: string, gap: Gap): Promise<void> => {
    left -= 1;
    const { entries, shared } = await searchGap(client, channel, gap, { group, consumer, idleMs });
    gap.searches += 1;
    if (shared) intake.shared(channel, idleMs);
    else reader.errands.push(guarded => applier.heal(guarded, channel, entries));
  };

  const searchLedger = async (channel: string, watch: SequenceWatch, gap: Gap): Promise<void> => {
    const { after, before } = gap;
    const found = await ask(channel, { after, before, ranges: watch.missing(gap) }, gap);
    if (found === undefined) return;
    if (gap.waiting || found.length > 0) gap.answeredAt = clock.now();
    gap.waiting = false;
    if (found.length > 0) reader.errands.push(guarded => applier.healWith(guarded, channel, found, false));
  };

  const searchUnread = async (channel: string, watch: SequenceWatch): Promise<void> => {
    const { unread } = watch;
    if (unread === undefined || !hasTurn() || !mayAsk(unread)) return;
    const { after, before, noticedAt } = unread;
    const found = await ask(channel, { after, before, ranges: null }, unread);
    const isOver =
      Math.abs(clock.now() - noticedAt) >= (found === undefined ? UNREAD_FOR_MS : deps.gapAfterMs);
    if (found !== undefined && found.length > 0)
      reader.errands.push(guarded => applier.healWith(guarded, channel, found, true));
    else if (isOver) watch.unread = undefined;
  };

  return async client => {
    left = GAPS_TOGETHER;
    for (const channel of reader.channels) {
      const watch = states.peek(channel)?.watch;
      if (watch === undefined) continue;
      await searchUnread(channel, watch);
      for (const gap of watch.open) {
        const isFirst = gap.searches === 0;
        if (gap.searches < SEARCHES && hasTurn()) await searchStream(client, channel, gap);
        const canHeal = searchElsewhere !== undefined && gap.epoch === watch.epoch;
        // What the stream has is brought first.
        if (isFirst) gap.waiting = canHeal;
        else if (canHeal && hasTurn() && mayAsk(gap)) await searchLedger(channel, watch, gap);
      }
      intake.gaps.expire(channel, deps.gapAfterMs);
    }
  };
}
