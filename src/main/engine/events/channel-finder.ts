import type { Redis } from 'ioredis';
import { channelOfStream, keys } from '../redis/keys.ts';
import type { FollowedChannels } from './followed-channels.ts';

/** Keys looked at by one SCAN: about 0.2 ms of the server's time. */
const STEP = 500;

/**
 * Finds the streams that wildcards stand for, with SCAN in small steps and never KEYS (R5.4). One pass over the keys
 * serves all wildcards. A pass goes on where the budget stopped it.
 *
 * A stream that appears after a wildcard's first whole pass was not there before (SCAN shows every key that is there
 * throughout), so all of it is news: it is marked as born.
 */
export class ChannelFinder {
  /** The first whole pass is done, or there is nothing to look for. */
  settled = false;
  readonly #followed: FollowedChannels;
  /** Wildcards whose first pass is done. */
  #watched: ReadonlySet<string> = new Set();
  #pass: { cursor: string; wildcards: string[] } | undefined;

  constructor(followed: FollowedChannels) {
    this.#followed = followed;
  }

  /** Starts the pass anew, for instance because a wildcard came that the pass under way has missed keys for. */
  restart(): void {
    this.#pass = undefined;
  }

  /** Looks on, for at most so many steps of 500 keys; ends early when a pass is complete. */
  async look(run: <T>(command: (client: Redis) => Promise<T>) => Promise<T>, steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const wildcards = this.#followed.wildcards.map(({ text }) => text);
      if (wildcards.length === 0) {
        this.settled = true;
        this.#watched = new Set();
        return;
      }
      const pass = (this.#pass ??= { cursor: '0', wildcards });
      const match = keys.stream(wildcards.length === 1 ? (wildcards[0] ?? '*') : '*');
      const [cursor, found] = await run(client =>
        client.scan(pass.cursor, 'MATCH', match, 'COUNT', STEP, 'TYPE', 'stream'),
      );
      if (this.#pass !== pass) continue;
      this.#offer(found);
      pass.cursor = cursor;
      if (cursor !== '0') continue;
      this.#watched = new Set(pass.wildcards.filter(text => this.#followed.patterns.includes(text)));
      this.#pass = undefined;
      this.settled = true;
      return;
    }
  }

  #offer(streams: readonly string[]): void {
    for (const stream of streams) {
      const channel = channelOfStream(stream);
      if (channel === undefined) continue;
      const born = this.#followed.via(channel).some(pattern => this.#watched.has(pattern));
      this.#followed.offer(channel, { born });
    }
  }
}
