import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Connection } from '../state/vitals.ts';
import { useServices } from './services.ts';

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting to the engine.',
  live: 'Connected to the engine.',
  reconnecting: 'The engine does not answer. Reconnecting.',
  lost: 'The connection to the engine is lost. Numbers are out of date.',
};

/** Tells a screen reader when the connection changes; prices are never read out by themselves. */
export function Announcer(): ReactElement {
  const { vitals } = useServices();
  const connection = useStore(vitals, state => state.connection);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label="Connection">
      {WORDS[connection]}
    </div>
  );
}
