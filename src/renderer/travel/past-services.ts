import type { Services } from '../app/services.ts';
import { Crosshair } from '../chart/crosshair.ts';
import { createOwnTrades, keepOwnTrades } from '../chart/own-trades.ts';
import { createHistory, keepHistory } from '../state/history.ts';
import { createVitals, readVitals, setVitals } from '../state/vitals.ts';
import type { Cancel } from '../time/clock.ts';
import { createTicker } from '../time/ticker.ts';
import { pastLink } from './past-link.ts';

/**
 * What the panes draw from while the screen shows the past: the same services with another screen, another clock and another
 * line to the engine. Layout, settings and alerts are the live ones. The live services go on behind it, so nothing is missed.
 * They follow the journey by themselves, until `stop`.
 */
export function startPast(live: Omit<Services, 'past'>): { services: Services; stop: Cancel } {
  const { travel, clock } = live;
  const { screen } = travel;
  const at = (): number => travel.state.getState().at;
  const link = pastLink(live.link, at);
  const vitals = createVitals();
  const history = createHistory();
  const ownTrades = createOwnTrades();
  // Driven by the journey, not by the passing of time.
  const ticker = createTicker({ ...clock, every: () => () => undefined }, at);
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
    keepOwnTrades(ownTrades, screen),
  ];
  return {
    services: {
      ...live,
      ...{ link, screen, vitals, history, ownTrades, ticker },
      crosshair: new Crosshair(),
      past: null,
    },
    stop: () => {
      for (const cancel of undo) cancel();
    },
  };
}
