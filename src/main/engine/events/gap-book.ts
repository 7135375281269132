import type { GapView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import type { ChannelStates } from './channel-state.ts';
import type { StreamEvent } from './event.ts';
import type { FoundIn, Gap } from './sequence-watch.ts';

/** Gaps shown, the newest. */
const GAPS_SEEN = 20;

/** Counts, tells and closes the gaps of all channels (R5.7). */
export class GapBook {
  /** How many there were. */
  count = 0;
  readonly #seen: { channel: string; gap: Gap }[] = [];
  readonly #deps: { log: LimitedLog; metrics: Metrics; states: ChannelStates; clock: Clock };

  constructor(deps: { log: LimitedLog; metrics: Metrics; states: ChannelStates; clock: Clock }) {
    this.#deps = deps;
  }

  /** As the screen is told: the newest, newest first. */
  get views(): GapView[] {
    return this.#seen.map(({ channel, gap }) => {
      const { epoch, from, to, noticedAt, state, closedAt, missing } = gap;
      const healedFrom = state === 'healed' ? gap.healedFrom : null;
      return { channel, epoch, from, to, noticedAt, state, closedAt, missing, healedFrom };
    });
  }

  noticed(channel: string, gap: Gap): void {
    const { log, metrics } = this.#deps;
    this.count += 1;
    metrics.sequenceGaps.inc({ channel });
    this.#seen.unshift({ channel, gap });
    this.#seen.length = Math.min(this.#seen.length, GAPS_SEEN);
    const { from, to } = gap;
    log.warn(`gap ${channel}`, { channel, from, to }, 'Sequence numbers are missing');
  }

  /** What was trimmed unread turned out to begin at the lowest number that was found of it. */
  unread(channel: string, found: readonly StreamEvent[]): void {
    const lowest = found.reduce((low, { sequence }) => Math.min(low, sequence ?? Infinity), Infinity);
    const gap = this.#deps.states.of(channel).watch.known(lowest);
    if (gap !== undefined) this.noticed(channel, gap);
  }

  /** Whether a number was missing; it is not any more. */
  fills(channel: string, sequence: number, where: FoundIn): boolean {
    const { states, clock } = this.#deps;
    const gap = states.of(channel).watch.found(sequence, clock.now(), where);
    if (gap !== undefined) this.filled(channel, gap);
    return gap !== undefined;
  }

  /** A number of the gap was found: it may have been the last one missing. */
  filled(channel: string, gap: Gap): void {
    if (gap.state === 'healed') this.#deps.metrics.gapsClosed.inc({ channel, state: 'healed' });
  }

  /** Closes gaps nobody has filled for `afterMs`. */
  expire(channel: string, afterMs: number): void {
    const { states, clock, log, metrics } = this.#deps;
    for (const { from, to, missing } of states.of(channel).watch.expire(clock.now(), afterMs)) {
      metrics.gapsClosed.inc({ channel, state: 'lost' });
      log.warn(`lost ${channel}`, { channel, from, to, missing }, 'Missing events are nowhere to be found');
    }
  }
}
