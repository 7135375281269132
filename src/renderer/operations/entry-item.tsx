import { useMemo, type ReactElement } from 'react';
import type { EntryView } from '../../shared/contract.ts';
import { formatMoment, formatTenths } from '../format/times.ts';
import { entryWords } from './entry-words.ts';

/** One stored entry: a line, and behind it every field as it is stored. */
export function EntryItem({ channel, entry }: { channel: string; entry: EntryView }): ReactElement {
  const words = useMemo(() => entryWords(channel, entry.entryId, entry.fields), [channel, entry]);
  return (
    <li className="entry" data-entry-id={entry.entryId} data-event-id={words.eventId}>
      <details>
        <summary>
          <span className="entry-time" title={formatMoment(entry.at)}>
            {formatTenths(entry.at)}
          </span>
          <span className="entry-sequence" title="Sequence number">
            {words.sequence === null ? '' : `#${words.sequence}`}
          </span>
          <EntryType type={words.type} known={words.known} />
          <span className="entry-preview">{words.preview}</span>
        </summary>
        <RawFields entryId={entry.entryId} fields={entry.fields} data={words.data} />
      </details>
    </li>
  );
}

/** The type of an entry; one that no pane draws is said to be unknown. */
export function EntryType({ type, known }: { type: string | null; known: boolean }): ReactElement {
  return (
    <span className="entry-type" data-known={known}>
      {type ?? 'no type'}
      {!known && <span className="entry-unknown">unknown type</span>}
    </span>
  );
}

/** The fields of an entry as they are stored, its data set out on several lines. */
export function RawFields({
  entryId,
  fields,
  data,
}: {
  entryId: string;
  fields: EntryView['fields'];
  data: string | null;
}): ReactElement {
  return (
    <dl className="raw-fields">
      <div>
        <dt>entry id</dt>
        <dd>{entryId}</dd>
      </div>
      {fields.map(([name, value], index) => (
        // A stream entry may repeat a field's name, and its fields never change.
        <div key={index}>
          <dt>{name}</dt>
          <dd>{name === 'data' && data !== null ? <pre>{data}</pre> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
