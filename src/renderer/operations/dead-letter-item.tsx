import type { ReactElement } from 'react';
import type { DeadLetterView } from '../../shared/contract.ts';
import { formatCount, formatMoment, formatTenths } from '../format/times.ts';
import { RawFields } from './entry-item.tsx';
import { entryWords } from './entry-words.ts';

/** What can be done with a dead letter. */
export type DeadAct = 'requeue' | 'drop';

/** One dead letter: why it was set aside, how often it was tried, its fields, and the two ways out. */
export function DeadLetterItem({
  channel,
  letter,
  busy,
  onAct,
}: {
  channel: string;
  letter: DeadLetterView;
  busy: boolean;
  onAct: (act: DeadAct) => void;
}): ReactElement {
  const { data } = entryWords(channel, letter.entryId, letter.fields);
  return (
    <li className="entry dead-letter" data-dead-id={letter.id}>
      <div className="dead-line">
        <span className="entry-time" title={formatMoment(letter.at)}>
          {formatTenths(letter.at)}
        </span>
        <span className="dead-reason">{letter.reason}</span>
        <span className="dead-count">
          tried {letter.count === 1 ? 'once' : `${formatCount(letter.count)} times`}
        </span>
        <button type="button" className="chip" disabled={busy} onClick={() => onAct('requeue')}>
          Requeue
        </button>
        <button type="button" className="chip" disabled={busy} onClick={() => onAct('drop')}>
          Drop
        </button>
      </div>
      <RawFields entryId={letter.entryId} fields={letter.fields} data={data} />
    </li>
  );
}
