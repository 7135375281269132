import type { Link } from '../bridge/link.ts';
import type { OpenPriceChart } from '../chart/chart-port.ts';
import { chartCommands } from '../chart/chart-commands.ts';
import { Crosshair } from '../chart/crosshair.ts';
import { OpenCharts } from '../chart/open-charts.ts';
import { createOwnTrades, keepOwnTrades } from '../chart/own-trades.ts';
import { createStreamsLookup } from '../operations/streams-lookup.ts';
import { addAlertCommands } from '../alerts/alert-commands.ts';
import { createBell } from '../alerts/bell.ts';
import { settingsCommands } from '../settings/settings-commands.ts';
import { createSettingsForm } from '../settings/settings-form.ts';
import { createAlerts } from '../state/alerts.ts';
import { createDeskState } from '../state/desk-state.ts';
import { createFeed } from '../state/feed.ts';
import { createHistory, keepHistory } from '../state/history.ts';
import { keepRegion } from '../format/keep-region.ts';
import { engineNow } from '../state/screen-state.ts';
import { createView } from '../state/view-store.ts';
import { createVitals, readVitals, setVitals } from '../state/vitals.ts';
import { initialLook, storeLook } from '../theme/theme.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { createTicker } from '../time/ticker.ts';
import { guardPresent } from '../travel/guard-present.ts';
import { startPast } from '../travel/past-services.ts';
import { travelCommands } from '../travel/travel-commands.ts';
import { createTravel } from '../travel/travel.ts';
import { keepFollowing } from './follow.ts';
import { keepRootAttributes } from './root-attributes.ts';
import type { Services } from './services.ts';
import { startDesk } from './start-desk.ts';

export interface StartDeps {
  window: Window;
  clock: Clock;
  link: Link;
  openChart: OpenPriceChart;
}

/** Starts everything behind the components: feed, vitals, ticker, history, theme. Returns it with its undo. */
export function startServices(deps: StartDeps): Services & { stop: Cancel } {
  const { window, clock, openChart } = deps;
  const { document } = window;
  const storage = (): Storage => window.localStorage;
  const startedAt = clock.now();
  const view = createView(initialLook(storage, window.matchMedia('(prefers-color-scheme: light)').matches));
  const stopRegion = keepRegion(view);
  const desk = createDeskState();
  const feed = createFeed({
    clock,
    requestFrame: run => {
      const frame = window.requestAnimationFrame(run);
      return () => window.cancelAnimationFrame(frame);
    },
    isHidden: () => document.hidden,
    // A confirmation that is lost is made good by keepFollowing: no batch comes, so it asks again.
    confirm: seq => void deps.link.invoke('feed.confirm', { seq }).catch(() => {}),
  });
  const screen = feed.store;
  const ticker = createTicker(clock, local => engineNow(screen.getState(), local));
  const travel = createTravel({ link: deps.link, clock, now: () => ticker.now() });
  // What the trader does goes by this line: from the past nothing changes the present.
  const link = guardPresent(deps.link, travel, () => ticker.now());
  const vitals = createVitals();
  const history = createHistory();
  const ownTrades = createOwnTrades();
  const bell = createBell(window as Window & typeof globalThis);
  const alerts = createAlerts(link, delivery => bell.ring(delivery));
  const parts = startDesk({ window, clock, link, view, desk, screen });
  const charts = new OpenCharts();
  parts.commands.add(travelCommands(travel, view));
  parts.commands.add(chartCommands(charts, () => parts.dock.active()));
  const settings = createSettingsForm(link, clock);
  parts.commands.add(settingsCommands(settings, parts.dock));
  const streams = createStreamsLookup(link, clock, () => document.hidden);
  const measure = (): void => {
    const state = screen.getState();
    const now = clock.now();
    setVitals(vitals, readVitals(state, { startedAt, now, screenHz: feed.meter.rate(now) }));
  };
  const onVisible = (): void => ticker.tick();
  document.addEventListener('visibilitychange', onVisible);
  const undo: Cancel[] = [
    ticker.add(measure),
    view.subscribe((state, previous) => {
      if (state !== previous) storeLook(storage, state);
    }),
    stopRegion,
    keepRootAttributes(document.documentElement, { screen, vitals, view }),
    keepHistory(history, { link, screen }),
    keepOwnTrades(ownTrades, screen),
    link.on('feed.batch', batch => {
      feed.receive(batch);
      alerts.receive(batch);
      // Behind React, which draws the batch in a microtask as well: what it has just drawn is not written twice.
      queueMicrotask(() => ticker.tick());
    }),
    keepFollowing(link, clock, () => screen.getState().receivedAt),
    () => document.removeEventListener('visibilitychange', onVisible),
    addAlertCommands(parts.commands, { alerts, dock: parts.dock, link, screen, now: () => ticker.now() }),
    () => settings.stop(),
    parts.stop,
    () => travel.stop(),
    () => ticker.stop(),
    () => feed.stop(),
    () => link.close(),
  ];
  const live = {
    link,
    screen,
    vitals,
    view,
    desk,
    layouts: parts.layouts,
    dock: parts.dock,
    commands: parts.commands,
    keys: parts.keys,
    history,
    alerts,
    bell,
    settings,
    streams,
    travel,
    clock,
    ticker,
    charts,
    crosshair: new Crosshair(),
    ownTrades,
    openChart,
  };
  const past = startPast(live);
  undo.unshift(past.stop);
  return {
    ...live,
    past: past.services,
    stop: () => {
      for (const cancel of undo) cancel();
    },
  };
}
