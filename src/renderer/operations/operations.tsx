import type { ReactElement } from 'react';
import { PaneFrame } from '../desk/pane-frame.tsx';
import './operations.css';

/** The second view: how the subscriptions keep up, and what is in the streams. */
export function Operations(): ReactElement {
  return (
    <>
      <PaneFrame kind="lag" paneId="lag" />
      <PaneFrame kind="events" paneId="events" />
    </>
  );
}
