import { useStore } from 'zustand/react';
import { useServices, type Services } from '../app/services.ts';

/** What the panes draw from now: the live services, or, while the screen shows the past, those of then. */
export function useShownServices(): Services {
  const live = useServices();
  const when = useStore(live.travel.state, state => state.when);
  return when === 'past' ? (live.past ?? live) : live;
}
