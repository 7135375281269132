import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { EpochMs, MarketMode } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { Banner } from '../banner/banner.tsx';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { useLinkedToken } from '../desk/use-linked-token.ts';
import { pairName } from '../state/names.ts';
import { readChartColors } from './chart-colors.ts';
import { ChartFeed, type ChartPhase } from './chart-feed.ts';
import { ChartHeader } from './chart-header.tsx';
import { CHART_DEFAULTS } from './chart-settings.ts';
import { ChartSkeleton } from './chart-skeleton.tsx';
import { IntervalButtons } from './interval-buttons.tsx';
import { writeLegend } from './legend.ts';
import type { PriceChart } from './price-chart.ts';
import './chart.css';

const WATERMARKS: Readonly<Record<MarketMode, string>> = {
  live: '',
  simulated: 'SIMULATED',
  recorded: 'RECORDED',
};

/** The chart of the pane's token: header, legend, notice, candles or line. */
export function ChartPane({ paneId }: PaneProps): ReactElement {
  const { screen, view, vitals, link, openChart } = useServices();
  const started = useStore(screen, state => state.status !== null);
  const mode = useStore(screen, state => state.status?.mode ?? 'live');
  const theme = useStore(view, state => state.theme);
  const [settings, change] = usePaneSettings(paneId, CHART_DEFAULTS);
  const { interval, shape } = settings;
  const token = useLinkedToken(paneId);
  const holds = useStore(vitals, state => {
    const freshness = token === null ? undefined : state.freshness.get(token);
    return freshness === 'fresh' || freshness === 'delayed';
  });

  const container = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDListElement>(null);
  const chart = useRef<PriceChart | null>(null);
  const feed = useRef<ChartFeed | null>(null);
  const pointed = useRef<EpochMs | null>(null);
  const [phase, setPhase] = useState<ChartPhase>({ phase: 'loading', message: null });
  const [atNow, setAtNow] = useState(true);

  const drawLegend = useCallback(() => {
    const bars = feed.current;
    if (legend.current === null || bars === null) return;
    const bar =
      pointed.current === null ? bars.bars.at(-1) : (bars.barAt(pointed.current) ?? bars.bars.at(-1));
    writeLegend(legend.current, bar);
  }, []);

  useLayoutEffect(() => {
    if (container.current === null) return undefined;
    const made = openChart(container.current, readChartColors(document.documentElement));
    const path = new ChartFeed({ link, screen, chart: made, onPhase: setPhase, onBars: drawLegend });
    chart.current = made;
    feed.current = path;
    made.onScroll(setAtNow);
    made.onPoint(time => {
      pointed.current = time;
      drawLegend();
    });
    return () => {
      path.stop();
      made.remove();
      chart.current = null;
      feed.current = null;
    };
  }, [openChart, link, screen, drawLegend]);

  useEffect(() => chart.current?.setColors(readChartColors(document.documentElement)), [theme]);
  useEffect(() => chart.current?.setShape(shape), [shape]);
  useEffect(() => chart.current?.setHolds(holds), [holds]);
  useEffect(() => chart.current?.setWatermark(WATERMARKS[mode]), [mode]);
  useEffect(() => feed.current?.show(token, interval), [token, interval]);

  const empty = started && token === null;
  const label = token === null ? 'No token' : `${pairName(token)}, ${interval}, ${shape}`;
  return (
    <div className="chart-pane">
      <ChartHeader token={token} legend={legend}>
        <IntervalButtons settings={settings} onChange={change} />
      </ChartHeader>
      <div className="chart-notice">
        <Banner token={token} />
      </div>
      <div className="chart-stage" data-phase={phase.phase}>
        <div className="chart-canvas" ref={container} role="img" aria-label={label} />
        {phase.phase === 'loading' && !empty && <ChartSkeleton />}
        {empty && <p className="chart-empty">Nothing to chart: the watchlist is empty.</p>}
        {!empty && phase.phase === 'empty' && (
          <p className="chart-empty">No bars yet. The chart begins with the first price.</p>
        )}
        {phase.message !== null && (
          <p className="chart-message">No history ({phase.message}). The chart fills as prices come.</p>
        )}
        {!atNow && phase.phase === 'drawn' && (
          <button type="button" className="button go-to-now" onClick={() => chart.current?.goToNow()}>
            Now
          </button>
        )}
        {phase.phase === 'drawn' && (
          <span className="chart-zone" aria-hidden="true">
            UTC
          </span>
        )}
      </div>
    </div>
  );
}
