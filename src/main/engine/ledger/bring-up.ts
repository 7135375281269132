import type { QueryResultRow } from 'pg';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { LedgerDatabase } from './database.ts';
import type { Marks } from './mark.ts';
import { publishNumbered, type NumberedEvent } from './numbered-publish.ts';

/** Where a committed event stands in its stream; `added`: since now. */
export interface Standing {
  sequence: number;
  entryId: string | null;
  added: boolean;
}

/**
 * Brings the stream of a strict channel up to the ledger, in order: publishes the outbox, and what Redis had and lost in a crash
 * (at most the newest 10,000 and 10 minutes; what is older is no news, its numbers are passed over). Numbers that Redis gave to
 * somebody else are given anew. Answers what became of each event it looked at. Calls for one channel share their work.
 *
 * Rejects with `REDIS_DOWN`, `LEDGER_DOWN`, `PUBLISH_FAILED` when Redis refused one.
 */
export type BringUp = (channel: string) => Promise<ReadonlyMap<string, Standing>>;

const PER_STEP = 250;
/** What Redis lost is news up to these. */
const NEWEST = 10_000;
const NEWS_FOR = '10 minutes';
/** Numbers change while they are looked at only when Redis is losing data over and over. */
const MOST_TRIES = 5;

/** Makes the function described at {@link BringUp}. */
export function createBringUp(deps: {
  database: Pick<LedgerDatabase, 'query'>;
  pool: RedisPool;
  metrics: Metrics;
  marks: Marks;
}): BringUp {
  const underWay = new Map<string, Promise<ReadonlyMap<string, Standing>>>();
  return channel => {
    const now = underWay.get(channel);
    if (now !== undefined) return now;
    const work = bringUp({ ...deps, channel, done: new Map() }).finally(() => underWay.delete(channel));
    underWay.set(channel, work);
    return work;
  };
}

interface Work {
  database: Pick<LedgerDatabase, 'query'>;
  pool: RedisPool;
  metrics: Metrics;
  marks: Marks;
  channel: string;
  done: Map<string, Standing>;
}

async function bringUp(work: Work): Promise<ReadonlyMap<string, Standing>> {
  for (let attempt = 1; !(await once(work)); attempt += 1) {
    if (attempt < MOST_TRIES) continue;
    throw refusal(work.channel, 'its counter does not stay where it was');
  }
  return work.done;
}

/** False when the channel's counter went back meanwhile: then from the beginning. */
async function once(work: Work): Promise<boolean> {
  const { channel, pool } = work;
  let counter = await counterOf(pool, channel);
  await passed(work, counter);
  const last = await lastOf(work);
  while (counter < last) {
    const rows = await rowsAfter(work, counter, last);
    const whole = rows.length < PER_STEP;
    const events = rows.map((row, index) => numbered(row, Number(rows[index - 1]?.sequence ?? counter)));
    if (!(await publish(work, events, whole ? last : 0))) return false;
    if (whole) return true;
    counter = events.at(-1)?.sequence ?? last;
  }
  return true;
}

/** Looks after outbox rows whose number the counter has passed: published and not noted, or the number is somebody else's. */
async function passed(work: Work, counter: number): Promise<void> {
  const rows = await select(
    work,
    'tenhertz-outbox-passed',
    `channel = $1 AND published_at IS NULL AND (sequence <= $2 OR sequence IS NULL)
     ORDER BY sequence LIMIT 1000`,
    [work.channel, counter],
  );
  const known = rows.filter(({ sequence }) => sequence !== null);
  const events = known.map(row => numbered(row, Number(row.sequence) - 1));
  const outcomes = events.length === 0 ? [] : await publishNumbered(work.pool.shared(), work.channel, events);
  const homeless = rows.filter(({ sequence }) => sequence === null).map(({ event_id }) => event_id);
  outcomes.forEach((outcome, index) => {
    const event = events[index];
    if (event === undefined) return;
    if (outcome.kind === 'published') stands(work, event.eventId, outcome);
    else if (outcome.kind === 'taken') homeless.push(event.eventId);
  });
  if (homeless.length === 0) return;
  await work.database.query({
    text: 'SELECT tenhertz_renumber($1, $2, $3::text[])',
    values: [work.channel, counter, homeless],
  });
}

/** False when their order was refused, because the counter went back. */
async function publish(work: Work, events: readonly NumberedEvent[], raiseTo: number): Promise<boolean> {
  const outcomes = await publishNumbered(work.pool.shared(), work.channel, events, raiseTo);
  for (const [index, outcome] of outcomes.entries()) {
    const event = events[index];
    if (event === undefined || outcome.kind === 'order' || outcome.kind === 'taken') return false;
    if (outcome.kind === 'refused') throw refusal(work.channel, outcome.message);
    stands(work, event.eventId, outcome);
  }
  return true;
}

function stands({ done, marks, metrics, channel }: Work, eventId: string, standing: Standing): void {
  const { sequence, entryId, added } = standing;
  if (done.get(eventId)?.added !== true) done.set(eventId, { sequence, entryId, added });
  marks.add(eventId, entryId);
  if (added) metrics.eventsPublished.inc({ channel });
}

interface OutboxRow extends QueryResultRow {
  event_id: string;
  sequence: string | null;
  event_type: string;
  source: string;
  occurred_at: Date;
  data: string;
}

async function rowsAfter(work: Work, counter: number, last: number): Promise<OutboxRow[]> {
  return select(
    work,
    'tenhertz-outbox-after',
    `channel = $1 AND epoch = (SELECT c.epoch FROM channel c WHERE c.channel = $1) AND sequence > $2 AND sequence <= $3
     AND (published_at IS NULL OR (sequence > $3 - ${NEWEST} AND received_at > clock_timestamp() - interval '${NEWS_FOR}'))
     ORDER BY sequence LIMIT ${PER_STEP}`,
    [work.channel, counter, last],
  );
}

async function select(work: Work, name: string, where: string, values: unknown[]): Promise<OutboxRow[]> {
  const { rows } = await work.database.query<OutboxRow>({
    name,
    text: `SELECT event_id, sequence, event_type, source, occurred_at, data::text AS data FROM event_log WHERE ${where}`,
    values,
  });
  return rows;
}

/** The highest number given. Read before the rows: whatever has a number up to it is committed, or never will be. */
async function lastOf({ database, channel }: Work): Promise<number> {
  const { rows } = await database.query<{ last_sequence: string }>({
    name: 'tenhertz-last',
    text: 'SELECT last_sequence FROM channel WHERE channel = $1',
    values: [channel],
  });
  return Number(rows[0]?.last_sequence ?? 0);
}

function numbered(row: OutboxRow, after: number): NumberedEvent {
  return {
    eventId: row.event_id,
    type: row.event_type,
    source: row.source,
    timestamp: row.occurred_at.toISOString(),
    data: row.data,
    sequence: Number(row.sequence),
    after,
  };
}

/** Where Redis stands in a channel; 0 before the first event. */
export async function counterOf(pool: RedisPool, channel: string): Promise<number> {
  const counter = Number((await pool.shared().get(keys.sequence(channel))) ?? 0);
  if (Number.isSafeInteger(counter)) return counter;
  throw refusal(channel, `${keys.sequence(channel)} holds no number`);
}

function refusal(channel: string, why: unknown): TenhertzError {
  return new TenhertzError(
    'PUBLISH_FAILED',
    `Committed events of "${channel}" cannot be broadcast (${messageOf(why)}); this is tried again by itself.`,
    { facts: { channel } },
  );
}
