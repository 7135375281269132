import type { Services } from '../app/services.ts';
import { createHistory, keepHistory } from '../state/history.ts';
import { createVitals, readVitals, setVitals } from '../state/vitals.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { createTicker } from '../time/ticker.ts';
import { pastLink } from './past-link.ts';
import type { Travel } from './travel.ts';

/**
 * What the panes draw from while the screen shows the past: the same services with another screen, another clock and another
 * line to the engine. Layout, settings and alerts are the live ones. The live services go on behind it, so nothing is missed.
 */
export function startPast(
  live: Services,
  travel: Travel,
  clock: Clock,
): { services: Services; stop: Cancel } {
  const at = (): number => travel.state.getState().at;
  const { screen } = travel;
  const link = pastLink(live.link, at);
  const vitals = createVitals();
  const history = createHistory();
  const ticker = createTicker(clock, at);
  const measure = (): void => {
    const read = readVitals(screen.getState(), { startedAt: at(), now: at(), screenHz: 0 });
    // A quiet moment of the past is no lost connection.
    setVitals(vitals, { ...read, connection: 'live' });
  };
  const undo: Cancel[] = [
    ticker.add(measure),
    screen.subscribe(measure),
    travel.state.subscribe((state, previous) => {
      if (state.at !== previous.at) ticker.tick();
    }),
    keepHistory(history, { link, screen }),
    () => ticker.stop(),
  ];
  return {
    services: { ...live, link, screen, vitals, history, ticker },
    stop: () => {
      for (const cancel of undo) cancel();
    },
  };
}
