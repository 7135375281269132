import { shown, type AlteredField, type Difference } from './difference.ts';
import type { RawEntry } from './stream-pages.ts';
import type { ComparedRow } from './verify-statements.ts';

/** What a difference about an entry says of it. */
export function base(
  kind: Difference['kind'],
  { event }: { event: RawEntry['event'] },
): Omit<Difference, 'detail'> {
  const { channel, eventId, entryId, sequence } = event;
  const number = sequence === null ? null : String(sequence);
  return { kind, channel, event_id: eventId, id: entryId, sequence_number: number };
}

/** The fields in which a record is not what its entry says. A record that waits in the outbox has no place in the stream yet. */
export function fieldDifferences({ event, data }: RawEntry, row: ComparedRow): Difference[] {
  const sequence = event.sequence === null ? null : String(event.sequence);
  const moved = row.published && row.position_differs;
  const place = row.stream_id === event.entryId ? positionText(row) : row.stream_id;
  const fields: [field: AlteredField, differs: boolean, stream: string | null, ledger: string | null][] = [
    ['channel', row.channel !== event.channel, event.channel, row.channel],
    ['sequence_number', sequence !== row.sequence, sequence, row.sequence],
    ['event_type', event.type !== row.event_type, event.type, row.event_type],
    ['source', event.source !== row.source, event.source, row.source],
    ['timestamp', String(event.timestamp) !== row.at, rfc3339(event.timestamp), rfc3339(Number(row.at))],
    ['data', row.data_differs, data, row.data],
    ['stream_id', moved, event.entryId, place],
  ];
  return fields
    .filter(([, differs]) => differs)
    .map(([field, , inStream, inLedger]) => {
      const [stream, ledger] = [shown(inStream), shown(inLedger)];
      const detail = `${field} is ${stream ?? 'not set'} in the stream and ${ledger ?? 'not set'} in the ledger`;
      return { ...base('altered', { event }), field, stream, ledger, detail };
    });
}

/** The entry's event is the record of another entry. */
export function repeated(entry: RawEntry, row: ComparedRow): Difference {
  const where = row.channel === entry.event.channel ? '' : ` of "${row.channel}"`;
  return { ...base('extra_entry', entry), detail: `repeats the event of entry ${placeOf(row)}${where}` };
}

/** The server cannot take the entry's data as JSON. */
export function unstorable(entry: RawEntry): Difference {
  return {
    ...base('missing_in_ledger', entry),
    detail: 'its data cannot be stored: a number in it is out of range',
  };
}

function placeOf(row: ComparedRow): string {
  return row.stream_id ?? positionText(row);
}

function positionText({ position_ms: ms, position_seq: seq }: ComparedRow): string {
  return `${ms}-${seq}`;
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
