/** What a sequence number told about its channel. */
export type SequenceNews =
  /** Numbers `from` to `to` have not been seen. */
  | { kind: 'gap'; from: number; to: number }
  /** A number missing until now: it closes a gap, or a part of one. */
  | { kind: 'late' }
  /** The numbers went back to `to`: the server lost its newest entries, or was emptied. */
  | { kind: 'epoch'; from: number; to: number };

/** Open gaps remembered per channel; older ones are no longer told apart from a new epoch. */
const MAX_GAPS = 100;

/** Watches the sequence numbers of one channel in stream order (R5.7). */
export class SequenceWatch {
  #last: number | undefined;
  #missing: { from: number; to: number }[] = [];

  /** Ranges not seen so far, oldest first. */
  get missing(): readonly { from: number; to: number }[] {
    return this.#missing;
  }

  /**
   * Takes the number of the next entry. `known` says that its event id was seen before: an entry written twice repeats
   * its number, which is no news.
   */
  next(sequence: number, known: boolean): SequenceNews | undefined {
    const last = this.#last;
    if (last === undefined || sequence === last + 1) {
      this.#last = sequence;
      return undefined;
    }
    if (sequence > last) {
      this.#last = sequence;
      const gap = { from: last + 1, to: sequence - 1 };
      this.#missing.push(gap);
      if (this.#missing.length > MAX_GAPS) this.#missing.shift();
      return { kind: 'gap', ...gap };
    }
    if (this.#fill(sequence)) return { kind: 'late' };
    if (known || sequence === last) return undefined;
    this.#last = sequence;
    this.#missing = [];
    return { kind: 'epoch', from: last, to: sequence };
  }

  #fill(sequence: number): boolean {
    const at = this.#missing.findIndex(({ from, to }) => from <= sequence && sequence <= to);
    const gap = this.#missing[at];
    if (gap === undefined) return false;
    const rest = [
      { from: gap.from, to: sequence - 1 },
      { from: sequence + 1, to: gap.to },
    ].filter(({ from, to }) => from <= to);
    this.#missing.splice(at, 1, ...rest);
    return true;
  }
}
