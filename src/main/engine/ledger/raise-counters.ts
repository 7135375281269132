import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { BringUp } from './bring-up.ts';
import type { ModeOf } from './channel-modes.ts';
import type { LedgerDatabase } from './database.ts';
import { publishNumbered } from './numbered-publish.ts';

/**
 * Keeps the numbers of Redis from going back (R5.7): a channel's counter is raised, never lowered, to the highest number the ledger
 * knows. In a strict channel what Redis has lost is published again first.
 */
export interface Counters {
  /** Raises all that are behind. Rejects with `LEDGER_DOWN` or `REDIS_DOWN`. */
  raise(): Promise<void>;
  /** From now on whenever Redis or the ledger come back. Returns its undo. */
  watch(): () => void;
}

/** Counters read in one round trip. */
const AT_ONCE = 500;

/** Makes the counters' keeper; `highest` is what this process has seen, known also while the ledger is away. */
export function createCounters(deps: {
  database: Pick<LedgerDatabase, 'query' | 'onChange' | 'status'>;
  pool: RedisPool;
  clock: Clock;
  log: Logger;
  modeOf: ModeOf;
  bringUp: BringUp;
  highest: () => ReadonlyMap<string, number>;
}): Counters {
  const { database, pool, modeOf } = deps;
  const log = new LimitedLog(deps.log, deps.clock);

  const raiseTo = async (numbers: readonly (readonly [channel: string, last: number])[]): Promise<void> => {
    const client = pool.shared();
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const part = numbers.slice(from, from + AT_ONCE);
      const pipeline = client.pipeline();
      for (const [channel] of part) pipeline.get(keys.sequence(channel));
      const replies = (await pipeline.exec()) ?? [];
      for (const [index, [channel, last]] of part.entries()) {
        const counter = Number(replies[index]?.[1] ?? 0);
        if (counter >= last) continue;
        if (modeOf(channel) === 'strict') await tell(channel, deps.bringUp(channel));
        else await tell(channel, publishNumbered(client, channel, [], last));
      }
    }
  };

  /** One channel's trouble is not the others'. */
  const tell = async (channel: string, work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) =>
      log.warn(`counter ${channel}`, { channel, reason: messageOf(error) }, 'A counter is behind the ledger'),
    );
  };

  const raise = async (): Promise<void> => {
    const { rows } = await database.query<{ channel: string; last_sequence: string }>({
      text: 'SELECT channel, last_sequence FROM channel WHERE last_sequence > 0',
    });
    await raiseTo(rows.map(({ channel, last_sequence: last }) => [channel, Number(last)]));
  };

  /** From memory first: that is under way before anybody else can use the connection that has come back. */
  const again = (redisCameBack: boolean): void => {
    if (redisCameBack) raiseSeen();
    if (database.status().state !== 'up' || pool.status().state !== 'up') return;
    raise().catch((error: unknown) =>
      log.warn(
        'counters',
        { reason: messageOf(error) },
        'The counters of Redis cannot be compared with the ledger',
      ),
    );
  };

  const raiseSeen = (): void => {
    try {
      const client = pool.shared();
      for (const [channel, last] of deps.highest())
        if (modeOf(channel) === 'confirm') void tell(channel, publishNumbered(client, channel, [], last));
    } catch {
      // It is away again.
    }
  };

  return {
    raise,
    watch() {
      const undo = [
        pool.onChange(({ state }) => {
          if (state === 'up') again(true);
        }),
        database.onChange(({ state }) => {
          if (state === 'up') again(false);
        }),
      ];
      return () => {
        for (const step of undo) step();
      };
    },
  };
}
