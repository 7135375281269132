import { useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { CloseIcon } from '../top-bar/icons.tsx';
import { useAging } from '../time/use-aging.ts';
import { tapeNotices, type TapeNotice } from './tape-notices.ts';

/** The most urgent notice about the tape, with how many there are and a way to put it away. Nothing when all is whole. */
export function TapeNoticeBar(): ReactElement | null {
  const { screen, view } = useServices();
  const status = useStore(screen, state => state.status);
  const startedAnew = useStore(screen, state => state.startedAnew);
  const tradeChannels = useStore(screen, state => state.tradeChannels);
  const dismissed = useStore(view, state => state.dismissed);
  // Only which notices hold depends on the time, so they are drawn again when that changes and not ten times a second.
  const [notices, setNotices] = useState<readonly TapeNotice[]>([]);
  useAging(now => {
    const next = tapeNotices({ status, startedAnew, tradeChannels }, dismissed, now);
    const same =
      next.length === notices.length && next.every((one, index) => one.text === notices[index]?.text);
    if (!same) setNotices(next);
  });
  const notice = notices[0];
  if (notice === undefined) return null;
  return (
    <div className="tape-notice" role="note" aria-label="Trade tape notice" data-notice={notice.kind}>
      <span className="tape-notice-mark" aria-hidden="true" />
      <p>
        {notice.text}
        {notices.length > 1 && <span className="tape-notice-more"> · 1 of {notices.length}</span>}
      </p>
      <button
        type="button"
        className="icon-button"
        aria-label="Put this notice away"
        title="Put this notice away"
        onClick={() => view.setState({ dismissed: new Set([...dismissed, notice.key]) })}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
