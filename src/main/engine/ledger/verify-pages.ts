import type { EpochMs } from '../../../shared/contract.ts';
import { TenhertzError } from '../errors.ts';
import type { StreamRead } from '../events/stream-read.ts';
import type { ChannelMode } from './channel-modes.ts';
import type { LedgerDatabase } from './database.ts';
import type { Difference } from './difference.ts';
import { positionOf, type Position } from './ledger-events.ts';
import type { NumberRanges } from './number-ranges.ts';
import { eventsAt, streamPages, type RawEntry, type StreamPage } from './stream-pages.ts';
import {
  compareEntries,
  endOf,
  holdersOf,
  LAST_NUMBER,
  loneRows,
  type ComparedRow,
  type LoneRow,
} from './verify-statements.ts';
import { base, fieldDifferences, repeated, unstorable } from './verify-words.ts';

/** What comparing one channel needs and tells. */
export interface ChannelCheck {
  read: StreamRead;
  ledger: LedgerDatabase;
  channel: string;
  mode: ChannelMode;
  since: EpochMs;
  until: EpochMs;
  /** Records of this type are kept from this time on; what is older may have been removed by retention. */
  keptSince: (type: string) => EpochMs;
  signal: AbortSignal;
  report: (difference: Difference) => Promise<void>;
  /** Numbers whose entries were found missing: a hole they make is not told a second time. */
  missing: NumberRanges;
}

/** How many entries were looked at. */
export interface PageCounts {
  compared: number;
  unreadable: number;
  /** The stream holds nothing, so records cannot be looked for in it. */
  empty: boolean;
}

const LONE_ROWS = 500;

/**
 * Compares the entries of a channel's stream with their records, and the records with the entries, page by page: each page of
 * entries beside the records of the same stretch. Records from before the stream's first entry are not missed there: the
 * stream was trimmed. Memory stays at one page.
 */
export async function comparePages(check: ChannelCheck): Promise<PageCounts> {
  const { read, channel, since, until, signal } = check;
  const counts: PageCounts = { compared: 0, unreadable: 0, empty: false };
  let after = endOf(since - 1);
  for await (const page of streamPages(read, channel, since, until)) {
    if (signal.aborted) break;
    counts.compared += page.entries.length;
    counts.unreadable += page.unreadable;
    counts.empty = page.first === undefined;
    await checkEntries(check, page);
    const to = page.end === undefined ? endOf(until) : positionOf(page.end);
    if (page.first !== undefined) await checkRows(check, page, page.first, [after, to]);
    after = to;
  }
  return counts;
}

async function checkEntries(check: ChannelCheck, page: StreamPage): Promise<void> {
  if (page.entries.length === 0) return;
  const missing: RawEntry[] = [];
  const moved: { entry: RawEntry; row: ComparedRow }[] = [];
  for (const { entry, row } of await compare(check, page.entries)) {
    if (row === 'unstorable') await check.report(unstorable(entry));
    else if (row.missing) missing.push(entry);
    else if (row.published && row.position_differs) moved.push({ entry, row });
    else await reportFields(check, entry, row);
  }
  await reportMissing(check, missing);
  if (moved.length === 0) return;
  // The same event twice in the stream, or a record that names a wrong place?
  const ids = moved.flatMap(({ row }) => row.stream_id ?? []);
  const held = await eventsAt(check.read, check.channel, ids);
  for (const { entry, row } of moved) {
    const { eventId, entryId } = entry.event;
    const place = row.stream_id ?? '';
    const elsewhere = row.channel !== check.channel && place !== entryId;
    const trimmed = page.first !== undefined && place !== '' && isBefore(place, page.first);
    if (elsewhere || trimmed || (place !== entryId && held.get(place) === eventId))
      await check.report(repeated(entry, row));
    else await reportFields(check, entry, row);
  }
}

/** What differs. One entry that the server cannot read must not hide the others: then the page is halved until it is found. */
async function compare(
  check: ChannelCheck,
  entries: readonly RawEntry[],
): Promise<{ entry: RawEntry; row: ComparedRow | 'unstorable' }[]> {
  try {
    const { rows } = await check.ledger.query<ComparedRow>(compareEntries(check.channel, entries));
    return rows.flatMap(row => {
      const entry = entries[row.entry - 1];
      return entry === undefined ? [] : [{ entry, row }];
    });
  } catch (error) {
    if (!(error instanceof TenhertzError) || error.code !== 'LEDGER_REFUSED') throw error;
    // Data exceptions: a number out of range, a text that is none.
    if (!String(error.facts['sqlState']).startsWith('22')) throw error;
    const [first] = entries;
    if (first === undefined) throw error;
    if (entries.length === 1) return [{ entry: first, row: 'unstorable' }];
    const half = Math.ceil(entries.length / 2);
    return [
      ...(await compare(check, entries.slice(0, half))),
      ...(await compare(check, entries.slice(half))),
    ];
  }
}

async function reportFields(check: ChannelCheck, entry: RawEntry, row: ComparedRow): Promise<void> {
  const { sequence } = entry.event;
  if (sequence !== null && String(sequence) !== row.sequence) check.missing.add(BigInt(sequence));
  for (const difference of fieldDifferences(entry, row)) await check.report(difference);
}

async function reportMissing(check: ChannelCheck, all: readonly RawEntry[]): Promise<void> {
  const entries = all.filter(({ event }) => event.entryTime >= check.keptSince(event.type));
  if (entries.length === 0) return;
  const { ledger, channel, mode, missing } = check;
  const numbers = entries.flatMap(({ event }) => event.sequence ?? []);
  const { rows: holders } = await ledger.query<{ sequence: string; event_id: string }>(
    holdersOf(channel, numbers),
  );
  const { rows } = await ledger.query<{ last: string }>({ text: LAST_NUMBER, values: [channel] });
  const holder = new Map(holders.map(row => [row.sequence, row.event_id]));
  const last = Number(rows[0]?.last ?? 0);
  for (const entry of entries) {
    const { sequence } = entry.event;
    const other = sequence === null ? undefined : holder.get(String(sequence));
    if (sequence !== null && other === undefined) missing.add(BigInt(sequence));
    if (other !== undefined) {
      const detail = `not in the ledger, whose number ${sequence ?? ''} is event ${other}`;
      await check.report({ ...base('duplicate_sequence', entry), detail });
    } else if (mode === 'strict' && (sequence === null || sequence > last)) {
      const detail = 'not in the ledger, which gives the numbers of this channel and never gave this one';
      await check.report({ ...base('extra_entry', entry), detail });
    } else {
      await check.report({ ...base('missing_in_ledger', entry), detail: 'in the stream, not in the ledger' });
    }
  }
}

async function checkRows(
  check: ChannelCheck,
  page: StreamPage,
  first: string,
  [after, to]: readonly [Position, Position],
): Promise<void> {
  const { ledger, read, channel, signal } = check;
  const eventIds = page.entries.map(({ event }) => event.eventId);
  // What the stream no longer reaches is not missed in it.
  const { ms, seq } = positionOf(first);
  const reach = { ms, seq: String(BigInt(seq) - 1n) };
  let from = later(after, reach);
  for (;;) {
    if (signal.aborted || !isAfter(to, from)) return;
    const { rows } = await ledger.query<LoneRow>(loneRows(channel, [from, to], eventIds, LONE_ROWS));
    const held = await eventsAt(
      read,
      channel,
      rows.flatMap(row => row.stream_id ?? []),
    );
    for (const row of rows) {
      // Its entry stands where the record says, so it is compared with that stretch.
      if (row.stream_id !== null && held.get(row.stream_id) === row.event_id) continue;
      await check.report({
        kind: 'missing_in_stream',
        channel,
        event_id: row.event_id,
        id: row.stream_id,
        sequence_number: row.sequence,
        detail: 'in the ledger, not in the stream, which reaches that far back',
      });
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < LONE_ROWS) return;
    from = { ms: end.position_ms, seq: end.position_seq };
  }
}

function isBefore(id: string, other: string): boolean {
  return isAfter(positionOf(other), positionOf(id));
}

function isAfter(a: Position, b: Position): boolean {
  const later = BigInt(a.ms) - BigInt(b.ms);
  return later === 0n ? BigInt(a.seq) > BigInt(b.seq) : later > 0n;
}

function later(a: Position, b: Position): Position {
  return isAfter(a, b) ? a : b;
}
