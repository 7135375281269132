import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { LedgerDatabase } from './database.ts';
import { positionOf } from './ledger-events.ts';

/** Notes in the ledger which committed events were broadcast, in batches. A note that is lost is made again by the relay. */
export interface Marks {
  /** `entryId` is `null` where the entry is gone from the stream. Never throws. */
  add(eventId: string, entryId: string | null): void;
  /** Whether an event's note is on its way. */
  has(eventId: string): boolean;
  /** Writes what waits; resolves when nothing more can be written now. */
  flush(): Promise<void>;
  stop(): void;
}

const EVERY_MS = 250;
const AGAIN_MS = 1_000;
const PER_STATEMENT = 1_000;
/** Beyond it the oldest are forgotten: the relay finds them. */
const MOST = 20_000;

/** Makes the marks of one process. */
export function createMarks(deps: {
  database: Pick<LedgerDatabase, 'query'>;
  clock: Clock;
  log: Logger;
}): Marks {
  const { database, clock } = deps;
  const log = new LimitedLog(deps.log, clock);
  const waiting = new Map<string, string | null>();
  let cancel: Cancel | undefined;
  let writing: Promise<boolean> | undefined;
  let stopped = false;

  const later = (ms: number): void => {
    if (stopped || waiting.size === 0) return;
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      void write();
    });
  };

  /** One statement; false when the ledger did not take it. */
  const write = (): Promise<boolean> => {
    writing ??= writeSome().finally(() => (writing = undefined));
    return writing;
  };

  const writeSome = async (): Promise<boolean> => {
    const batch = [...waiting].slice(0, PER_STATEMENT);
    const places = batch.map(([, entryId]) => (entryId === null ? null : positionOf(entryId)));
    try {
      await database.query({
        name: 'tenhertz-mark',
        text: 'SELECT tenhertz_mark($1::text[], $2::text[], $3::bigint[], $4::bigint[])',
        values: [
          batch.map(([eventId]) => eventId),
          batch.map(([, entryId]) => entryId),
          places.map(place => place?.ms ?? null),
          places.map(place => place?.seq ?? null),
        ],
      });
    } catch (error) {
      log.warn('mark', { reason: messageOf(error) }, 'What was broadcast is noted in the ledger later');
      later(AGAIN_MS);
      return false;
    }
    for (const [eventId] of batch) waiting.delete(eventId);
    later(waiting.size >= PER_STATEMENT ? 0 : EVERY_MS);
    return true;
  };

  return {
    add(eventId, entryId) {
      waiting.set(eventId, entryId);
      const [oldest] = waiting.keys();
      if (waiting.size > MOST && oldest !== undefined) waiting.delete(oldest);
      later(EVERY_MS);
    },
    has: eventId => waiting.has(eventId),
    async flush() {
      while (waiting.size > 0 && (await write()));
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
