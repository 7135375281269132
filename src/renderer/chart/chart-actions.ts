import type { ChartSession } from './chart-session.ts';
import type { ChartSettings } from './chart-settings.ts';
import { CHART_INTERVALS } from './intervals.ts';

/** What can be done with a chart, by key, from its menu and from the palette. */
export interface ChartAction {
  /** Never changed once released: bindings and the palette keep it. */
  readonly id: string;
  readonly name: string;
  /** As `KeyboardEvent.key`; with `Shift+` in front when the shift key is held. */
  readonly key: string;
  /** How the key is written. */
  readonly keyName: string;
  /** Whether the chart's menu offers it. */
  readonly menu: boolean;
  readonly run: (chart: ActionTarget) => void;
}

/** What the actions work on. */
export interface ActionTarget {
  readonly session: ChartSession;
  readonly settings: ChartSettings;
  change: (change: Partial<ChartSettings>) => void;
  /** Opens the line in which a date is typed. */
  askDate: () => void;
  /** Shows the bars as a table, or hides it. */
  toggleTable: () => void;
  /** Adds an alert at the crosshair, else at the newest price. */
  addAlert: () => void;
}

/** How much one step of zooming changes. */
const ZOOM = 1.25;

/** The fewest bars that can be zoomed in to. */
const LEAST_BARS = 10;

export const CHART_ACTIONS: readonly ChartAction[] = [
  act('now', 'Go to now', 'End', 'End', true, ({ session }) => session.feed.goToNow()),
  act('go-to-date', 'Go to date', 'g', 'G', true, target => target.askDate()),
  act('fit', 'Fit all bars', 'f', 'F', true, ({ session }) => session.chart.fit()),
  act('zoom-in', 'Zoom in', '+', '+', true, ({ session }) => zoom(session, 1 / ZOOM)),
  act('zoom-out', 'Zoom out', '-', '−', true, ({ session }) => zoom(session, ZOOM)),
  act('log', 'Logarithmic scale', 'l', 'L', true, ({ settings, change }) => change({ log: !settings.log })),
  act('line', 'Line instead of candles', 'c', 'C', true, ({ settings, change }) =>
    change({ shape: settings.shape === 'line' ? 'candles' : 'line' }),
  ),
  act('alert', 'Add an alert here', 'a', 'A', true, target => target.addAlert()),
  act('table', 'Bars as a table', 't', 'T', true, target => target.toggleTable()),
  act('left', 'Crosshair one bar back', 'ArrowLeft', '←', false, ({ session }) => session.step(-1)),
  act('right', 'Crosshair one bar on', 'ArrowRight', '→', false, ({ session }) => session.step(1)),
  act('left-10', 'Crosshair ten bars back', 'Shift+ArrowLeft', 'Shift ←', false, ({ session }) =>
    session.step(-10),
  ),
  act('right-10', 'Crosshair ten bars on', 'Shift+ArrowRight', 'Shift →', false, ({ session }) =>
    session.step(10),
  ),
  act('page-back', 'Half a screen back', 'PageUp', 'Page up', false, ({ session }) => pan(session, -0.5)),
  act('page-on', 'Half a screen on', 'PageDown', 'Page down', false, ({ session }) => pan(session, 0.5)),
  act('oldest', 'Oldest bar that is loaded', 'Home', 'Home', false, ({ session }) => toOldest(session)),
  act('clear', 'Take the crosshair away', 'Escape', 'Escape', false, ({ session }) => session.unpoint()),
];

/** The action of that id; `interval-5m` and the like choose an interval. `undefined` for an id that is none. */
export function actionById(id: string): ChartAction | undefined {
  const interval = CHART_INTERVALS.find(one => id === `interval-${one.interval}`)?.interval;
  if (interval !== undefined) return act(id, '', '', '', false, ({ change }) => change({ interval }));
  return CHART_ACTIONS.find(action => action.id === id);
}

/** The action of a pressed key; `undefined` for a key of somebody else's. */
export function actionOf(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
): ChartAction | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const { key } = event;
  const name = event.shiftKey && key.length > 1 ? `Shift+${key}` : key === '=' ? '+' : key.toLowerCase();
  return CHART_ACTIONS.find(action => action.key === name || action.key.toLowerCase() === name);
}

/** Widens (above 1) or narrows the stretch in view; its newest bar stays in view if it is, else the middle stays. */
function zoom({ chart, feed }: ChartSession, factor: number): void {
  const span = chart.span();
  if (span === null) return;
  const width = Math.max(LEAST_BARS, (span.to - span.from) * factor);
  const atEnd = span.to >= feed.window.bars.length - 1;
  const middle = (span.from + span.to) / 2;
  const to = atEnd ? span.to : middle + width / 2;
  chart.setSpan({ from: to - width, to });
}

function pan({ chart }: ChartSession, screens: number): void {
  const span = chart.span();
  if (span === null) return;
  const by = (span.to - span.from) * screens;
  chart.setSpan({ from: span.from + by, to: span.to + by });
}

function toOldest({ chart }: ChartSession): void {
  const span = chart.span();
  if (span !== null) chart.setSpan({ from: -1, to: span.to - span.from - 1 });
}

function act(
  id: string,
  name: string,
  key: string,
  keyName: string,
  menu: boolean,
  run: ChartAction['run'],
): ChartAction {
  return { id, name, key, keyName, menu, run };
}
