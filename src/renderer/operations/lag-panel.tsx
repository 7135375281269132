import { useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { ChannelStatus } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { Age } from '../time/age.tsx';
import { formatAge, formatCount, formatMs } from '../format/times.ts';
import { writeAttribute } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { LAG_GOAL_MS } from '../status/status-entries.ts';
import { SkeletonRows } from '../table/skeleton-rows.tsx';
import './operations.css';

/** A status that is older than this is not current: it comes twice a second. */
const CURRENT_FOR_MS = 2_000;

const NONE: readonly ChannelStatus[] = [];

interface Column {
  name: string;
  title: string;
  text: (channel: ChannelStatus) => string;
  /** Whether the number is one to look into. */
  warn?: (channel: ChannelStatus) => boolean;
}

const count = (value: number | null): string => (value === null ? '—' : formatCount(value));

const COLUMNS: readonly Column[] = [
  { name: 'Applied', title: 'Events applied since the engine started', text: c => count(c.applied) },
  {
    name: 'Lag',
    title: 'From the entry to its application, measured at the last one applied',
    text: c => formatMs(c.lagMs),
    warn: c => (c.lagMs ?? 0) > LAG_GOAL_MS,
  },
  { name: 'Behind', title: 'Entries after the last one applied', text: c => count(c.behind) },
  { name: 'Pending', title: 'Given to this desk and not acknowledged', text: c => count(c.pending) },
  {
    name: 'Oldest pending',
    title: 'Age of the oldest entry that is not acknowledged',
    text: c => (c.oldestPendingMs === null ? '—' : formatAge(c.oldestPendingMs)),
  },
  {
    name: 'Trimmed unread',
    title: 'Entries the server trimmed before this desk read them',
    text: c => count(c.trimmedUnread),
    warn: c => c.trimmedUnread > 0,
  },
  {
    name: 'Gaps open',
    title: 'Missing sequence numbers being looked for',
    text: c => count(c.gaps.open),
    warn: c => c.gaps.open > 0,
  },
  { name: 'Healed', title: 'Gaps that were found and applied', text: c => count(c.gaps.healed) },
  {
    name: 'Lost',
    title: 'Gaps that are nowhere',
    text: c => count(c.gaps.lost),
    warn: c => c.gaps.lost > 0,
  },
  { name: 'Duplicates', title: 'Entries that came again and were dropped', text: c => count(c.duplicates) },
  {
    name: 'Refused',
    title: 'Entries that could not be read',
    text: c => count(c.refused),
    warn: c => c.refused > 0,
  },
  {
    name: 'Dead',
    title: 'Entries moved to the dead letters',
    text: c => count(c.dead),
    warn: c => c.dead > 0,
  },
  {
    name: 'Epoch',
    title: 'Rises when the sequence goes back: a server that lost its last second',
    text: c => count(c.epoch),
    warn: c => c.epoch > 1,
  },
];

const OUTLINES = ['Channel', ...COLUMNS.map(({ name }) => name), 'Last event'].map((id, place) => ({
  id,
  number: place > 0,
}));

/** How far behind each followed channel is, and what became of its entries. All of it measured from the data. */
export function LagPanel(): ReactElement {
  const { screen } = useServices();
  const channels = useStore(screen, state => state.status?.subscription.channels ?? NONE);
  const group = useStore(screen, state => state.status?.subscription.group ?? null);
  const at = useStore(screen, state => state.status?.at ?? null);
  const table = useRef<HTMLTableElement>(null);
  useAging(now => {
    const freshness = at === null ? 'unavailable' : now - at <= CURRENT_FOR_MS ? 'fresh' : 'stale';
    writeAttribute(table.current, 'data-freshness', freshness);
  });
  return (
    <div className="lag">
      <PaneTools>
        <span className="pane-note">
          {at === null ? (
            'waiting for the engine'
          ) : (
            <>
              group {group} · measured <Age since={at} /> ago
            </>
          )}
        </span>
      </PaneTools>
      <div className="lag-scroll" tabIndex={0} role="group" aria-label="Lag, all channels">
        <table className="compact-table" aria-label="Lag by channel" ref={table}>
          <thead>
            <tr>
              <th scope="col">Channel</th>
              {COLUMNS.map(({ name, title }) => (
                <th key={name} scope="col" className="number" title={title}>
                  {name}
                </th>
              ))}
              <th scope="col" className="number" title="Since the last event was applied">
                Last event
              </th>
            </tr>
          </thead>
          <tbody>
            {at === null && <SkeletonRows columns={OUTLINES} />}
            {channels.map(channel => (
              <tr key={channel.channel} data-channel={channel.channel}>
                <th scope="row" title={`Followed through ${channel.via.join(', ')}`}>
                  {channel.channel}
                </th>
                {COLUMNS.map(({ name, text, warn }) => (
                  <td key={name} className="number" data-part={name} data-warn={warn?.(channel) ?? false}>
                    {text(channel)}
                  </td>
                ))}
                <td className="number second">
                  <Age since={channel.lastAppliedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {at !== null && channels.length === 0 && (
          <p className="pane-empty">
            <strong>No channel is followed yet.</strong> Follow a name or a pattern below.
          </p>
        )}
      </div>
    </div>
  );
}
