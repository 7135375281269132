import type { ReactElement } from 'react';
import { EventsBrowser } from './events-browser.tsx';
import { LagPanel } from './lag-panel.tsx';
import './operations.css';

/** The second view: how the subscriptions keep up, and what is in the streams. */
export function Operations(): ReactElement {
  return (
    <>
      <LagPanel />
      <EventsBrowser />
    </>
  );
}
