import { AlertsPane } from '../alerts/alerts-pane.tsx';
import { ChartPane } from '../chart/chart-pane.tsx';
import { HealthPane } from '../health/health-pane.tsx';
import { EventsBrowser } from '../operations/events-browser.tsx';
import { KeysPane } from '../keys/keys-pane.tsx';
import { LagPanel } from '../operations/lag-panel.tsx';
import { PoolsPane } from '../pools/pools-pane.tsx';
import { Positions } from '../positions/positions.tsx';
import { SettingsPane } from '../settings/settings-pane.tsx';
import { SourcesPane } from '../sources/sources-pane.tsx';
import { Tape } from '../tape/tape.tsx';
import { Watchlist } from '../watchlist/watchlist.tsx';
import type { PaneKind } from './pane-kind.ts';
import {
  AlertsIcon,
  ChartIcon,
  EventsIcon,
  HealthIcon,
  KeysIcon,
  LagIcon,
  PoolsIcon,
  PositionsIcon,
  SettingsIcon,
  SourcesIcon,
  TapeIcon,
  WatchlistIcon,
} from './pane-icons.tsx';

type Kind = Omit<PaneKind, 'region'> & { region?: string };

const KINDS: readonly Kind[] = [
  {
    kind: 'watchlist',
    title: 'Watchlist',
    icon: WatchlistIcon,
    component: Watchlist,
    many: false,
    linked: true,
    keywords: ['prices', 'tokens', 'symbols', 'quotes'],
  },
  {
    kind: 'chart',
    title: 'Chart',
    icon: ChartIcon,
    component: ChartPane,
    many: true,
    linked: true,
    keywords: ['candles', 'line', 'graph', 'volume'],
  },
  {
    kind: 'tape',
    title: 'Trade tape',
    icon: TapeIcon,
    component: Tape,
    many: false,
    linked: false,
    keywords: ['trades', 'time and sales', 'prints'],
  },
  {
    kind: 'positions',
    title: 'Positions',
    icon: PositionsIcon,
    component: Positions,
    many: false,
    linked: true,
    keywords: ['pnl', 'profit', 'holdings', 'portfolio'],
  },
  {
    kind: 'alerts',
    title: 'Alerts',
    icon: AlertsIcon,
    component: AlertsPane,
    many: false,
    linked: false,
    keywords: ['rules', 'notifications', 'sound', 'snooze', 'mute', 'quiet hours'],
  },
  {
    kind: 'pools',
    title: 'Pools',
    icon: PoolsIcon,
    component: PoolsPane,
    many: false,
    linked: true,
    keywords: ['liquidity', 'reserves', 'raydium', 'amm', 'price impact', 'slippage', 'mev'],
  },
  {
    kind: 'sources',
    title: 'Sources',
    icon: SourcesIcon,
    component: SourcesPane,
    many: false,
    linked: false,
    keywords: ['venues', 'kraken', 'coinbase', 'jupiter', 'feeds', 'quotes'],
  },
  {
    kind: 'health',
    title: 'System health',
    icon: HealthIcon,
    component: HealthPane,
    many: false,
    linked: false,
    keywords: ['redis', 'ledger', 'lag', 'latency', 'status'],
  },
  {
    kind: 'lag',
    title: 'Lag',
    icon: LagIcon,
    component: LagPanel,
    many: false,
    linked: false,
    keywords: ['channels', 'subscriptions', 'behind', 'gaps'],
  },
  {
    kind: 'events',
    title: 'Events',
    icon: EventsIcon,
    component: EventsBrowser,
    many: false,
    linked: false,
    keywords: ['streams', 'groups', 'dead letters', 'browser'],
  },
  {
    kind: 'keys',
    title: 'Keys',
    icon: KeysIcon,
    component: KeysPane,
    many: false,
    linked: false,
    keywords: ['shortcuts', 'keyboard', 'bindings', 'hotkeys', 'settings'],
  },
  {
    kind: 'settings',
    title: 'Settings',
    icon: SettingsIcon,
    component: SettingsPane,
    many: false,
    linked: false,
    keywords: ['preferences', 'options', 'configuration'],
  },
];

/** Every kind of pane, in the order in which they are offered. A pane's region is named like its title. */
export const PANE_KINDS: readonly PaneKind[] = KINDS.map(kind => ({ region: kind.title, ...kind }));

/** The kind of that name; `undefined` for one this version does not have. */
export function paneKind(kind: string): PaneKind | undefined {
  return PANE_KINDS.find(one => one.kind === kind);
}
