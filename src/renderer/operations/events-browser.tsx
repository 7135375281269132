import { useEffect, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { Age } from '../time/age.tsx';
import { ReloadIcon } from '../top-bar/icons.tsx';
import { ChannelDetail } from './channel-detail.tsx';
import { ChannelTable } from './channel-table.tsx';
import { FollowBar } from './follow-bar.tsx';
import './operations.css';

/** The channel looked at; empty: the first one. */
const DEFAULTS = { channel: '' };

/** The events browser: the server's streams with their groups, entries and dead letters, as they were when last looked at. */
export function EventsBrowser({ paneId }: PaneProps): ReactElement {
  const { streams } = useServices();
  const { view: found, failed, reading } = useStore(streams.store);
  const [{ channel: chosen }, change] = usePaneSettings(paneId, DEFAULTS);
  useEffect(() => streams.watch(), [streams]);
  const channels = found?.streams ?? [];
  const selected = channels.find(stream => stream.channel === chosen) ?? channels[0];
  return (
    <div className="events">
      <PaneTools>
        <span className="tape-tools">
          <span className="pane-note">
            {found === null ? (
              failed === null ? (
                'looking…'
              ) : (
                'not read'
              )
            ) : (
              <>
                {channels.length} streams{found.complete ? '' : ', more not looked at'} · read{' '}
                <Age since={found.at} /> ago
              </>
            )}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="Read the list of streams again"
            title="Read again"
            disabled={reading}
            onClick={() => void streams.read()}
          >
            <ReloadIcon />
          </button>
        </span>
      </PaneTools>
      <div className="events-body">
        <div className="events-channels">
          <FollowBar />
          {failed !== null && (
            <p className="refusal" role="alert">
              The streams could not be read: {failed}
            </p>
          )}
          <ChannelTable
            channels={channels}
            selected={selected?.channel ?? null}
            onSelect={channel => change({ channel })}
          />
          {found !== null && channels.length === 0 && (
            <p className="pane-empty">
              <strong>No streams yet.</strong> The first publish to a channel makes one.
            </p>
          )}
        </div>
        {selected === undefined ? (
          <p className="detail pane-empty">Entries and dead letters of a stream are shown here.</p>
        ) : (
          <ChannelDetail stream={selected} />
        )}
      </div>
    </div>
  );
}
