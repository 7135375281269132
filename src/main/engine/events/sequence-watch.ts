import type { EpochMs } from '../../../shared/contract.ts';
import { FIRST_ENTRY_ID } from './entry-id.ts';

/** Missing sequence numbers of one channel, and what became of them. Fields change while it is looked after. */
export interface Gap {
  readonly epoch: number;
  /** First and last missing number when it was noticed. */
  readonly from: number;
  readonly to: number;
  readonly noticedAt: EpochMs;
  /** The entries on its two sides; the missing ones are looked for from here. */
  readonly after: string;
  readonly before: string;
  state: 'open' | 'healed' | 'lost';
  closedAt: EpochMs | null;
  /** How many numbers are still nowhere. */
  missing: number;
  /** How often the stream was searched for it. */
  searches: number;
  /** Where the numbers found so far came from; `ledger` as soon as one did. */
  healedFrom: FoundIn | null;
  /** The ledger is to be asked and has not answered yet: it is not declared lost meanwhile. */
  waiting: boolean;
  /** When the ledger told something last; patience counts from then. */
  answeredAt: EpochMs;
}

/** Where a missing number was found. */
export type FoundIn = 'stream' | 'ledger';

/** What was trimmed before the first entry that was read; how much is not known. */
export interface Unread {
  /** The last missing number: the one before the first that was read. */
  readonly to: number;
  readonly noticedAt: EpochMs;
  readonly after: string;
  readonly before: string;
}

/** What a sequence number told about its channel. */
export type SequenceNews =
  | { kind: 'gap'; gap: Gap }
  /** A number missing until now: it closes a gap, or a part of one. */
  | { kind: 'late'; gap: Gap }
  /** The numbers went back to `to`: the server lost its newest entries, or was emptied. */
  | { kind: 'epoch'; from: number; to: number };

/** Where and when a number was read: the entry's id, that of the entry before it, and the time. */
export interface Sighting {
  entryId: string;
  previousId: string;
  now: EpochMs;
}

export interface Range {
  from: number;
  to: number;
}

/** Gaps remembered per channel, open and lost; older ones are no longer filled by late entries. */
const MAX_GAPS = 500;
/** A gap the ledger is never asked for successfully is declared lost after this. */
const LONGEST_WAIT_MS = 3_600_000;
/** Pieces a gap may fall into. */
const MAX_PIECES = 1_000;

/** Watches the sequence numbers of one channel in stream order (R5.7). Its memory is bounded. */
export class SequenceWatch {
  epoch = 1;
  readonly counts = { healed: 0, lost: 0 };
  #last: number | undefined;
  /** Numbers that went back and may be stray entries of the past, or the first of a new epoch. */
  #suspect: Range | undefined;
  /** The channel goes on after entries that are gone; see {@link Unread}. */
  unread: Unread | undefined;
  readonly #gaps = new Map<Gap, Range[]>();

  /** Gaps being looked for. */
  get open(): Gap[] {
    return [...this.#gaps.keys()].filter(({ state }) => state === 'open');
  }

  /**
   * Takes the number of the next entry. `known` says that its event id was seen before, or that it cannot be read: an entry
   * written twice, or put back from the dead letters, repeats its number, which is no news.
   */
  next(sequence: number, known: boolean, at: Sighting): SequenceNews | undefined {
    const last = this.#last;
    if (last === undefined || sequence > last) this.#suspect = undefined;
    if (last === undefined || sequence === last + 1) {
      const { entryId: before, previousId: after, now: noticedAt } = at;
      if (last === undefined && sequence > 1 && after !== FIRST_ENTRY_ID)
        this.unread = { to: sequence - 1, noticedAt, after, before };
      this.#last = sequence;
      return undefined;
    }
    if (sequence > last) {
      this.#last = sequence;
      return { kind: 'gap', gap: this.#notice(last + 1, sequence - 1, at) };
    }
    const filled = this.found(sequence, at.now);
    if (filled !== undefined) return { kind: 'late', gap: filled };
    if (known) return undefined;
    return this.#back(last, sequence);
  }

  /** A missing number was found; answers the gap it was missing in. */
  found(sequence: number, now: EpochMs, where: FoundIn = 'stream'): Gap | undefined {
    for (const [gap, ranges] of this.#gaps) {
      const at = ranges.findIndex(({ from, to }) => from <= sequence && sequence <= to);
      const range = ranges[at];
      if (range === undefined || gap.epoch !== this.epoch) continue;
      const rest = [
        { from: range.from, to: sequence - 1 },
        { from: sequence + 1, to: range.to },
      ].filter(({ from, to }) => from <= to);
      if (ranges.length < MAX_PIECES || rest.length < 2) ranges.splice(at, 1, ...rest);
      gap.missing -= 1;
      gap.healedFrom = gap.healedFrom === 'ledger' ? 'ledger' : where;
      if (gap.missing === 0) this.#close(gap, 'healed', now);
      return gap;
    }
    return undefined;
  }

  /** The numbers of an open gap that are still missing, in order. */
  missing(gap: Gap): readonly Range[] {
    return this.#gaps.get(gap) ?? [];
  }

  /** What was unread turned out to begin at `from`: a gap that ends before the first entry that was read. */
  known(from: number): Gap | undefined {
    const { unread } = this;
    this.unread = undefined;
    if (unread === undefined || from > unread.to) return undefined;
    const { to, after: previousId, before: entryId, noticedAt: now } = unread;
    return this.#notice(from, to, { entryId, previousId, now });
  }

  /** Other consumers of the group are given the missing numbers: nothing is missing. Answers how many gaps that closes. */
  excuse(now: EpochMs): number {
    const { open } = this;
    for (const gap of open) {
      gap.missing = 0;
      this.#close(gap, 'healed', now);
    }
    return open.length;
  }

  /** Goes on at this number, whatever came before it. */
  skip(sequence: number): void {
    this.#last = sequence;
    this.#suspect = undefined;
  }

  /** Declares lost what is missing for longer than `afterMs` and was searched for; answers those gaps. */
  expire(now: EpochMs, afterMs: number): Gap[] {
    const lost = this.open.filter(
      ({ noticedAt, answeredAt, searches, waiting }) =>
        searches > 0 &&
        (!waiting || Math.abs(now - noticedAt) >= LONGEST_WAIT_MS) &&
        Math.abs(now - Math.max(noticedAt, answeredAt)) >= afterMs,
    );
    for (const gap of lost) this.#close(gap, 'lost', now);
    return lost;
  }

  #notice(from: number, to: number, { entryId, previousId, now }: Sighting): Gap {
    const gap: Gap = {
      epoch: this.epoch,
      from,
      to,
      noticedAt: now,
      after: previousId,
      before: entryId,
      state: 'open',
      closedAt: null,
      missing: to - from + 1,
      searches: 0,
      healedFrom: null,
      waiting: false,
      answeredAt: now,
    };
    this.#gaps.set(gap, [{ from, to }]);
    if (this.#gaps.size > MAX_GAPS) {
      const [oldest] = this.#gaps.keys();
      if (oldest?.state === 'open') this.#close(oldest, 'lost', now);
      if (oldest !== undefined) this.#gaps.delete(oldest);
    }
    return gap;
  }

  #close(gap: Gap, state: 'healed' | 'lost', now: EpochMs): void {
    if (gap.state === 'lost') this.counts.lost -= 1;
    gap.state = state;
    gap.closedAt = now;
    this.counts[state] += 1;
    // What was declared lost may still come late.
    if (state === 'healed') this.#gaps.delete(gap);
  }

  /** One number that went back may be a stray of the past; 1, or a second one in turn, is a new epoch. */
  #back(last: number, sequence: number): SequenceNews | undefined {
    const suspect = this.#suspect;
    if (sequence !== 1 && sequence !== (suspect?.to ?? Number.NaN) + 1) {
      this.#suspect = { from: sequence, to: sequence };
      return undefined;
    }
    this.#suspect = undefined;
    this.#last = sequence;
    this.epoch += 1;
    return { kind: 'epoch', from: last, to: sequence === 1 ? 1 : (suspect?.from ?? sequence) };
  }
}
