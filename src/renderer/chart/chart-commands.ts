import type { Command } from '../commands/command.ts';
import type { PaneId } from '../state/desk-state.ts';
import { CHART_ACTIONS } from './chart-actions.ts';
import { CHART_INTERVALS } from './intervals.ts';
import type { OpenCharts } from './open-charts.ts';

/**
 * What can be done with a chart, for the palette and for keys of the whole screen. They mean the pane that is in front if it is a
 * chart, else the chart used last. The single letters of a chart stay its own: they work while it has the focus.
 */
export function chartCommands(charts: OpenCharts, active: () => PaneId | null): Command[] {
  const command = (id: string, title: string, keywords: readonly string[]): Command => ({
    id: `chart.${id}`,
    title: `Chart: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    section: 'Chart',
    keywords,
    run: () => charts.meant(active())?.(id),
    when: () => charts.meant(active()) !== null,
  });
  return [
    ...CHART_ACTIONS.filter(action => action.menu).map(action => command(action.id, action.name, ['chart'])),
    ...CHART_INTERVALS.map(({ interval, name }) =>
      command(`interval-${interval}`, `Bars of ${name}`, ['interval', 'timeframe', interval]),
    ),
  ];
}
