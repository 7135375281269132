import type { Redis } from 'ioredis';
import { messageOf, TenhertzError } from '../errors.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';

/** Reads something of a channel's stream. */
export type StreamRead = <T>(channel: string, run: (client: Redis) => Promise<T>) => Promise<T>;

const FIRST_PAGE = 100;
const MOST_ENTRIES = 1_000;
const PAGE_BYTES = 1_000_000;
const AGAIN_WITHIN_MS = 5_000;

/** How many entries make a page of about a megabyte, learned from the pages before. */
export class PageSize {
  entries = FIRST_PAGE;

  /** A page of `count` entries had `bytes`. */
  learn(count: number, bytes: number): void {
    this.entries = Math.max(1, Math.min(MOST_ENTRIES, Math.floor((PAGE_BYTES * count) / Math.max(1, bytes))));
  }
}

/**
 * Makes reads that are done again once Redis answers after a lost connection, which changes nothing. They reject with
 * `REDIS_DOWN` when it stays away for 5 s, and with `NOT_A_STREAM`.
 */
export function createStreamRead(pool: RedisPool): StreamRead {
  return async (channel, run) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await run(pool.shared());
      } catch (error) {
        if (messageOf(error).startsWith('WRONGTYPE'))
          throw new TenhertzError('NOT_A_STREAM', `${keys.stream(channel)} is not a stream.`, {
            cause: error,
          });
        const refused = error instanceof Error && error.name === 'ReplyError';
        if (refused || attempt >= 3) throw error;
        await pool.ready(AGAIN_WITHIN_MS);
      }
    }
  };
}
