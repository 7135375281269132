import type { BookView, EpochMs } from '../../../shared/contract.ts';
import type { StreamEvent } from '../events/event.ts';
import { TradeBooks } from '../feed/trade-books.ts';
import type { Stretch } from './past.ts';

/** The positions kept from trades, as they were at a moment. */
export interface PastBooks {
  /** `whole` is false when there are more records before the moment than are read for it. */
  at(time: EpochMs): Promise<{ books: BookView[]; whole: boolean }>;
}

/** Records read for one moment at most, in pieces of this many: some seconds of work. */
const PIECE = 5_000;
const MOST_PIECES = 40;

/**
 * Keeps the books of the past. They are made from the first record on, once; a later moment goes on from the last one, an earlier
 * one begins anew. One question at a time.
 *
 * @param between the records after `since` up to `until`, about `limit` at most
 */
export function createPastBooks(
  between: (since: EpochMs, until: EpochMs, limit: number) => Promise<Stretch>,
  belongs: (event: StreamEvent) => boolean,
): PastBooks {
  let books = new TradeBooks();
  let reached: EpochMs = -1;
  let last: Promise<unknown> = Promise.resolve();

  const read = async (time: EpochMs): Promise<{ books: BookView[]; whole: boolean }> => {
    if (time < reached) {
      books = new TradeBooks();
      reached = -1;
    }
    for (let piece = 0; reached < time && piece < MOST_PIECES; piece += 1) {
      const { events, until } = await between(reached, time, PIECE);
      for (const event of events) if (belongs(event)) books.add(event);
      reached = until;
    }
    return { books: books.all(), whole: reached >= time };
  };

  return {
    at(time) {
      const answer = last.then(() => read(time));
      last = answer.catch(() => {
        // What was read of a broken answer is read again.
        books = new TradeBooks();
        reached = -1;
      });
      return answer;
    },
  };
}
