import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { Banner } from '../banner/banner.tsx';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { useLinkedToken } from '../desk/use-linked-token.ts';
import { pairName } from '../state/names.ts';
import { actionById, actionOf, type ChartAction } from './chart-actions.ts';
import { ChartHeader } from './chart-header.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { ChartMenu } from './chart-menu.tsx';
import { CHART_DEFAULTS, acceptChart } from './chart-settings.ts';
import { ChartStage } from './chart-stage.tsx';
import { IntervalPicker } from './interval-picker.tsx';
import { useAlertHere } from './use-alert-here.ts';
import { useChartSession } from './use-chart-session.ts';
import './chart.css';

/** The chart of the pane's token: header, legend, notice, candles or line. */
export function ChartPane({ paneId }: PaneProps): ReactElement {
  const { screen, view, vitals, charts } = useServices();
  const mode = useStore(screen, state => state.status?.mode ?? 'live');
  const look = useStore(view, state => `${state.theme} ${state.colours}`);
  const [settings, change] = usePaneSettings(paneId, CHART_DEFAULTS, acceptChart);
  const { interval, shape, log } = settings;
  const token = useLinkedToken(paneId);
  const holds = useStore(vitals, state => {
    const freshness = token === null ? undefined : state.freshness.get(token);
    return freshness === 'fresh' || freshness === 'delayed';
  });
  const { session, place } = useChartSession(paneId, { token, interval, shape, log, holds, mode, look });
  const { add, failed } = useAlertHere(token);
  const [asksDate, setAsksDate] = useState(false);
  const [tableShown, setTableShown] = useState(false);
  const summary = useId();

  const run = (action: ChartAction): void => {
    if (session === null) return;
    action.run({
      session,
      settings,
      change,
      askDate: () => setAsksDate(true),
      toggleTable: () => setTableShown(!tableShown),
      addAlert: () => {
        const level = session.legendBar?.close;
        if (level !== undefined) add(level);
      },
    });
  };
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  useEffect(
    () =>
      charts.add(paneId, id => {
        const action = actionById(id);
        if (action !== undefined) latest.current(action);
      }),
    [charts, paneId],
  );
  const onKey = (event: KeyboardEvent): void => {
    const action = event.defaultPrevented ? undefined : actionOf(event);
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run(action);
  };
  const name = token === null ? 'No token' : pairName(token);
  return (
    <div className="chart-pane" onFocus={() => charts.use(paneId)} onPointerDown={() => charts.use(paneId)}>
      <ChartHeader token={token} legend={<ChartLegend session={session} />}>
        <IntervalPicker settings={settings} onChange={change} />
        <ChartMenu settings={settings} run={run} />
      </ChartHeader>
      <div className="chart-notice">
        <Banner token={token} />
      </div>
      <ChartStage
        session={session}
        place={place}
        token={token}
        name={name}
        label={token === null ? name : `${name}, ${interval}, ${shape}`}
        summary={summary}
        onKey={onKey}
        run={run}
        addAlert={add}
        failedAlert={failed}
        asksDate={asksDate}
        onDateDone={() => setAsksDate(false)}
        tableShown={tableShown}
      />
    </div>
  );
}
