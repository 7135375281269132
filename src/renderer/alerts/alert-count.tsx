import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { alertCountWords } from './alert-words.ts';

/** How many alerts are armed, for the top bar; a way to the alerts. Nothing while there are none. */
export function AlertCount(): ReactElement | null {
  const { alerts, dock, ticker } = useServices();
  const counts = useStore(alerts.store, state => state.counts);
  const total = useStore(alerts.store, state => state.total);
  const muteUntil = useStore(alerts.store, state => state.settings.muteUntil);
  const unseen = useStore(alerts.store, state => state.unacknowledged);
  if (total === 0) return null;
  const muted = muteUntil !== null && muteUntil > ticker.now();
  const more = `${muted ? ', muted' : ''}${unseen > 0 ? `, ${unseen} new` : ''}`;
  return (
    <button
      type="button"
      className="badge alert-count"
      data-tone={muted || unseen > 0 ? 'warn' : 'good'}
      aria-label={`${alertCountWords(counts, total)}${more}`}
      title="Show the alerts"
      onClick={() => dock.open('alerts')}
    >
      <span className="dot" />
      {counts.armed + counts.cooling} armed{more}
    </button>
  );
}
