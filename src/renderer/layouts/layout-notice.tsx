import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { CloseIcon } from '../top-bar/icons.tsx';

/** What the trader should know of layouts and their saving, until it is put away. */
export function LayoutNotice(): ReactElement | null {
  const { layouts } = useServices();
  const notice = useStore(layouts.store, state => state.notice);
  if (notice === null) return null;
  return (
    <div className="strip" role="alert" data-notice="layouts">
      <p title={notice}>{notice}</p>
      <span className="strip-space" />
      <button
        type="button"
        className="icon-button"
        aria-label="Put this notice away"
        onClick={() => layouts.say(null)}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
