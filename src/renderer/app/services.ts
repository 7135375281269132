import { createContext, useContext } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Link } from '../bridge/link.ts';
import type { OpenPriceChart } from '../chart/chart-port.ts';
import type { Crosshair } from '../chart/crosshair.ts';
import type { OpenCharts } from '../chart/open-charts.ts';
import type { OwnTrades } from '../chart/own-trades.ts';
import type { Commands } from '../commands/command.ts';
import type { Keys } from '../commands/keys.ts';
import type { Dock } from '../desk/dock-port.ts';
import type { Layouts } from '../layouts/layouts.ts';
import type { StreamsLookup } from '../operations/streams-lookup.ts';
import type { Bell } from '../alerts/bell.ts';
import type { SettingsForm } from '../settings/settings-form.ts';
import type { Alerts } from '../state/alerts.ts';
import type { DeskState } from '../state/desk-state.ts';
import type { HistoryState } from '../state/history.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { ViewState } from '../state/view-store.ts';
import type { Vitals } from '../state/vitals.ts';
import type { Travel } from '../travel/travel.ts';
import type { Clock } from '../time/clock.ts';
import type { Ticker } from '../time/ticker.ts';

/** What the components draw from. Made once by `startServices`, handed down by context. */
export interface Services {
  readonly link: Link;
  readonly screen: StoreApi<ScreenState>;
  readonly vitals: StoreApi<Vitals>;
  readonly view: StoreApi<ViewState>;
  /** What the layout in use remembers of its panes and link groups. */
  readonly desk: StoreApi<DeskState>;
  /** The named layouts; the panes of the one in use are in `dock`. */
  readonly layouts: Layouts;
  readonly dock: Dock;
  readonly commands: Commands;
  readonly keys: Keys;
  readonly history: StoreApi<HistoryState>;
  readonly alerts: Alerts;
  /** Makes alerts heard. */
  readonly bell: Bell;
  /** The form of settings, with what is not saved yet. */
  readonly settings: SettingsForm;
  /** The look-up behind the events browser. */
  readonly streams: StreamsLookup;
  /** Where the screen is in time; the journey's own screen is in it. */
  readonly travel: Travel;
  /** What bars and panes draw from while the screen shows the past; `null` in those services themselves. */
  readonly past: Services | null;
  readonly clock: Clock;
  readonly ticker: Ticker;
  /** The charts on the screen, for commands that do something with one of them. */
  readonly charts: OpenCharts;
  /** The crosshair all charts share. */
  readonly crosshair: Crosshair;
  /** What charts draw the marks of own trades from. */
  readonly ownTrades: StoreApi<OwnTrades>;
  /** Makes the chart; injected so that components can be tested where there is no canvas. */
  readonly openChart: OpenPriceChart;
}

export const ServicesContext = createContext<Services | null>(null);

/** The services of this screen; components are only drawn below their provider. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('Components of the monitor need <ServicesContext> around them.');
  return services;
}
