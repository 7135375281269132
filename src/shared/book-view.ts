import type { DecimalString, EpochMs } from './units.ts';

/** The sums of a book as texts; `Book` in `positions.ts` says what each is. */
export interface BookSums {
  amount: DecimalString;
  cost: DecimalString;
  flow: DecimalString;
  fees: DecimalString;
  day: EpochMs;
  amountBefore: DecimalString;
  flowBefore: DecimalString;
}

/** A position kept from the trades of one channel, with everything a screen needs to value it and to say how far it holds. */
export interface BookView extends BookSums {
  /** Where the trades came from. */
  channel: string;
  token: string;
  /** The currency of its money; `null` for US dollars and what counts as such. */
  quote: string | null;
  /** How many trades it is made of, when the newest of them happened, and its event. */
  trades: number;
  at: EpochMs;
  eventId: string;
  /** When the oldest of its trades happened. */
  since: EpochMs;
  /** The channel is known from its first event on. Otherwise what was held before `since` is not in here. */
  whole: boolean;
}
