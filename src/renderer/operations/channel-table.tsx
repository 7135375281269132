import { useStore } from 'zustand/react';
import type { ReactElement } from 'react';
import type { GroupView, StreamInfo } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { Age } from '../time/age.tsx';
import { formatCount } from '../format/times.ts';
import { useCommand } from './use-command.ts';

/** The streams found on the server; one is selected, each can be followed or let go. */
export function ChannelTable({
  channels,
  selected,
  onSelect,
}: {
  channels: readonly StreamInfo[];
  selected: string | null;
  onSelect: (channel: string) => void;
}): ReactElement {
  const { streams } = useServices();
  const reading = useStore(streams.store, state => state.reading);
  const { busy, failed, run } = useCommand();
  const toggle = async ({ channel, followed }: StreamInfo): Promise<void> => {
    const command = followed ? 'channels.unfollow' : 'channels.follow';
    if ((await run(command, { pattern: channel })) !== undefined) await streams.read();
  };
  return (
    <div className="channels-scroll" tabIndex={0} role="group" aria-label="Channels, all rows">
      {failed !== null && (
        <p className="refusal" role="alert">
          {failed}
        </p>
      )}
      <table className="compact-table channels" aria-label="Channels" aria-busy={reading}>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col" className="number">
              Length
            </th>
            <th scope="col" className="number" title="Since the newest entry">
              Last entry
            </th>
            <th
              scope="col"
              className="number"
              title="The channel's counter; none for a producer that keeps none"
            >
              Sequence
            </th>
            <th scope="col" className="number" title="Consumer groups, and what they have not acknowledged">
              Groups
            </th>
            <th scope="col" className="number" title="Dead letters">
              Dead
            </th>
            <th scope="col" className="number">
              Followed
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.map(stream => (
            <tr
              key={stream.channel}
              data-channel={stream.channel}
              data-selected={stream.channel === selected}
            >
              <th scope="row">
                <button
                  type="button"
                  className="channel-name"
                  aria-pressed={stream.channel === selected}
                  title={stream.channel}
                  onClick={() => onSelect(stream.channel)}
                >
                  {stream.channel}
                </button>
              </th>
              <td className="number">{formatCount(stream.length)}</td>
              <td className="number second">
                <Age since={stream.lastEntryAt} />
              </td>
              <td className="number">{stream.sequence === null ? '—' : formatCount(stream.sequence)}</td>
              <td className="number">{groupsText(stream.groups)}</td>
              <td className="number" data-warn={stream.dead > 0}>
                {formatCount(stream.dead)}
              </td>
              <td className="number">
                <button
                  type="button"
                  className="chip"
                  role="switch"
                  aria-checked={stream.followed}
                  aria-label={`Follow ${stream.channel}`}
                  disabled={busy}
                  onClick={() => void toggle(stream)}
                >
                  {stream.followed ? 'on' : 'off'}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function groupsText(groups: readonly GroupView[]): string {
  const pending = groups.reduce((sum, group) => sum + group.pending, 0);
  return pending === 0 ? String(groups.length) : `${groups.length} · ${formatCount(pending)} pending`;
}
