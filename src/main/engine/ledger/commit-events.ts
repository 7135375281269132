import { messageOf, TenhertzError } from '../errors.ts';
import type { CheckedEvent } from '../events/publish-call.ts';
import type { LedgerDatabase } from './database.ts';
import { sqlStateOf } from './ledger-errors.ts';
import { ledgerJson } from './ledger-json.ts';

/** What the ledger knows of an event. */
export interface Committed {
  channel: string;
  sequence: number;
  /** `null` where it is not known. */
  entryId: string | null;
  /** Noted as broadcast. */
  published: boolean;
  /** Committed by this call. */
  added: boolean;
}

interface KnownEvent {
  channel: string;
  sequence: number | null;
  stream_id: string | null;
  published: boolean;
}

/** Another transaction recorded one of the events meanwhile; the next look finds it. */
const MOST_TRIES = 3;

/**
 * Commits events of one channel, each id once, in one transaction: those that are not there yet get the channel's next numbers, above
 * `floor`. Answers what is known of each by its id, or the error when the ledger cannot store one of them, whichever it is.
 * Rejects with `LEDGER_DOWN` or `LEDGER_FULL`.
 */
export async function commitEvents(
  database: Pick<LedgerDatabase, 'query'>,
  channel: string,
  floor: number,
  events: readonly CheckedEvent[],
): Promise<ReadonlyMap<string, Committed> | TenhertzError> {
  let above = floor;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [only] = events;
      const added =
        only === undefined || events.length > 1 ? undefined : await commitOne(database, channel, above, only);
      return added ?? (await commitMany(database, channel, above, events));
    } catch (error) {
      const sqlState = sqlStateOf(error) ?? '';
      if (sqlState === '23505' && attempt < MOST_TRIES) {
        above = Math.max(floor, await highestOf(database, channel));
        continue;
      }
      // Data the server cannot hold, whoever sends it how often.
      if (/^(22|23|54)/.test(sqlState)) return refused(channel, events, error);
      throw error;
    }
  }
}

/** The short way, for an event that is new; `undefined` when it is not. */
async function commitOne(
  database: Pick<LedgerDatabase, 'query'>,
  channel: string,
  floor: number,
  { eventId, type, source, timestamp, data }: CheckedEvent,
): Promise<ReadonlyMap<string, Committed> | undefined> {
  const { rows } = await database.query<{ sequence: string | null }>({
    name: 'tenhertz-commit-one',
    text: 'SELECT tenhertz_commit_one($1, $2, $3, $4, $5, $6, $7) AS sequence',
    values: [channel, floor, eventId, type, source, timestamp, ledgerJson(data)],
  });
  const sequence = rows[0]?.sequence ?? null;
  if (sequence === null) return undefined;
  const committed = { channel, sequence: Number(sequence), entryId: null, published: false, added: true };
  return new Map([[eventId, committed]]);
}

async function commitMany(
  database: Pick<LedgerDatabase, 'query'>,
  channel: string,
  floor: number,
  events: readonly CheckedEvent[],
): Promise<ReadonlyMap<string, Committed>> {
  const { rows } = await database.query<{ first: string; known: Record<string, KnownEvent> | null }>({
    name: 'tenhertz-commit',
    text: 'SELECT first, known FROM tenhertz_commit($1, $2, $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])',
    values: [
      channel,
      floor,
      events.map(({ eventId }) => eventId),
      events.map(({ type }) => type),
      events.map(({ source }) => source),
      events.map(({ timestamp }) => timestamp),
      events.map(({ data }) => ledgerJson(data)),
    ],
  });
  return readCommitted(channel, events, Number(rows[0]?.first), rows[0]?.known ?? {});
}

function readCommitted(
  channel: string,
  events: readonly CheckedEvent[],
  first: number,
  known: Readonly<Record<string, KnownEvent>>,
): ReadonlyMap<string, Committed> {
  const committed = new Map<string, Committed>();
  let next = first;
  for (const { eventId } of events) {
    const before = known[eventId];
    if (before === undefined) {
      committed.set(eventId, { channel, sequence: next, entryId: null, published: false, added: true });
      next += 1;
    } else {
      const { sequence, stream_id: entryId, published } = before;
      committed.set(eventId, {
        channel: before.channel,
        sequence: sequence ?? 0,
        entryId,
        published,
        added: false,
      });
    }
  }
  return committed;
}

/** The highest number recorded in a channel's epoch, in case it was not by a commit. */
async function highestOf(database: Pick<LedgerDatabase, 'query'>, channel: string): Promise<number> {
  const { rows } = await database.query<{ highest: string | null }>({
    text: `SELECT max(e.sequence) AS highest FROM event_log e JOIN channel c USING (channel, epoch) WHERE e.channel = $1`,
    values: [channel],
  });
  return Number(rows[0]?.highest ?? 0);
}

function refused(channel: string, events: readonly CheckedEvent[], cause: unknown): TenhertzError {
  const eventId = events.length === 1 ? events[0]?.eventId : undefined;
  return new TenhertzError(
    'PUBLISH_FAILED',
    `The ledger cannot store an event of "${channel}" (${messageOf(cause)}), so it was not published. Change its data.`,
    { facts: { channel, answered: true, ...(eventId === undefined ? {} : { eventId }) }, cause },
  );
}
