import { useState, type ReactElement } from 'react';
import type { StreamInfo } from '../../shared/contract.ts';
import { Tabs, tabIds } from '../top-bar/tabs.tsx';
import { formatCount, formatMoment } from '../format/times.ts';
import { DeadLetters } from './dead-letters.tsx';
import { EntryList } from './entry-list.tsx';
import { GroupTable } from './group-table.tsx';
import './detail.css';

type Part = 'entries' | 'dead';

/** One channel from close: its groups, its entries, its dead letters. */
export function ChannelDetail({ stream }: { stream: StreamInfo }): ReactElement {
  const [part, setPart] = useState<Part>('entries');
  const { channel, groups, dead, firstEntryAt } = stream;
  const ids = tabIds('detail', part);
  return (
    <div className="detail">
      <div className="detail-title">
        <h3>{channel}</h3>
        <span className="pane-note">
          {firstEntryAt === null ? 'empty' : `since ${formatMoment(firstEntryAt)}`}
        </span>
      </div>
      <GroupTable groups={groups} />
      <div className="detail-tabs">
        <Tabs
          name="detail"
          label={`Parts of ${channel}`}
          tabs={[
            { id: 'entries', label: 'Entries' },
            { id: 'dead', label: `Dead letters (${formatCount(dead)})` },
          ]}
          selected={part}
          onSelect={setPart}
        />
      </div>
      <div className="detail-scroll" role="tabpanel" tabIndex={0} id={ids.panel} aria-labelledby={ids.tab}>
        {part === 'entries' ? (
          <EntryList key={channel} channel={channel} />
        ) : (
          <DeadLetters key={channel} channel={channel} />
        )}
      </div>
    </div>
  );
}
