import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { EpochMs, Token } from '../../../shared/contract.ts';
import { marketOf } from '../../../shared/freshness.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';

/** The first price of a UTC day and when it was seen. */
export interface DayOpen {
  price: Decimal;
  at: EpochMs;
}

/** The first prices of the day, shared by every updater and desktop through Redis. */
export interface DayOpens {
  /**
   * The day's first price of a token as far as it is known now; never waits. While it is not known, what `first` gives is offered to
   * Redis in the background (it counts only if nobody was earlier) and `null` is answered. `source` keeps simulated and
   * recorded days apart from the live one.
   */
  of(token: Token, source: string, first: () => DayOpen): DayOpen | null;
}

/** Long enough for every time zone's idea of yesterday. */
const KEEP_SECONDS = 2 * 24 * 3_600;
const RETRY_MS = 5_000;
const Stored = z.object({ price: z.string().regex(/^\d{1,40}(\.\d{1,40})?$/), at: z.number() });

export function createDayOpens(deps: {
  pool: Pick<RedisPool, 'shared'>;
  clock: Clock;
  log: Logger;
}): DayOpens {
  const { pool, clock } = deps;
  const log = new LimitedLog(deps.log, clock);
  let today = '';
  let known = new Map<string, DayOpen>();
  /** When a key may be asked for again; infinity while it is under way. */
  let notBefore = new Map<string, number>();

  /** The first to write wins. Two commands instead of `SET NX GET`, which needs Redis 7. */
  const learn = async (key: string, first: DayOpen): Promise<DayOpen> => {
    const value = JSON.stringify({ price: first.price.toFixed(), at: first.at });
    const replies = await pool.shared().pipeline().set(key, value, 'EX', KEEP_SECONDS, 'NX').get(key).exec();
    const [error, stored] = replies?.[1] ?? [new Error('no answer'), null];
    if (error !== null) throw error;
    const parsed = Stored.safeParse(parseJson(String(stored)));
    if (!parsed.success) {
      throw new TenhertzError('BAD_DAY_OPEN', `The value of ${key} is not {price, at}; delete the key.`, {
        facts: { key },
      });
    }
    return { price: new Decimal(parsed.data.price), at: parsed.data.at };
  };

  return {
    of(token, source, first) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      if (day !== today) {
        today = day;
        known = new Map();
        notBefore = new Map();
      }
      const market = marketOf(source);
      const key = keys.dayOpen(market === 'live' ? token : `${market}:${token}`, day);
      const open = known.get(key);
      if (open !== undefined) return open;
      if (clock.monotonic() < (notBefore.get(key) ?? 0)) return null;
      // The maps of the day it was asked on: an answer that comes after midnight must not land in the new day's.
      const [asked, waiting] = [known, notBefore];
      waiting.set(key, Infinity);
      learn(key, first()).then(
        learned => asked.set(key, learned),
        (error: unknown) => {
          waiting.set(key, clock.monotonic() + RETRY_MS);
          log.warn(
            'day-open',
            { key, reason: messageOf(error) },
            "a day's first price could not be kept or read",
          );
        },
      );
      return null;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
