import { useCallback, useEffect, useState, type RefCallback } from 'react';
import type { Interval, MarketMode, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { readChartColors } from './chart-colors.ts';
import { ChartSession } from './chart-session.ts';

const WATERMARKS: Readonly<Record<MarketMode, string>> = {
  live: '',
  simulated: 'SIMULATED',
  recorded: 'RECORDED',
};

/** What the chart shows, as the pane and the screen have it. */
export interface ChartChoice {
  token: Token | null;
  interval: Interval;
  shape: 'candles' | 'line';
  log: boolean;
  /** Whether the last price still holds. */
  holds: boolean;
  mode: MarketMode;
  /** Changes whenever colours do. */
  look: unknown;
}

/**
 * Opens a chart in the element that is given to `place` (as its `ref`), for as long as it is there, and keeps it as `choice` says.
 * `null` until it is open.
 */
export function useChartSession(
  pane: string,
  choice: ChartChoice,
): { session: ChartSession | null; place: RefCallback<HTMLElement> } {
  const services = useServices();
  const { link, screen, travel, ticker, clock, openChart, crosshair, ownTrades } = services;
  const [session, setSession] = useState<ChartSession | null>(null);

  const place = useCallback(
    (container: HTMLElement | null) => {
      if (container === null) return undefined;
      const parts = { link, screen, travel, ticker, clock, openChart, crosshair, ownTrades };
      const opened = new ChartSession(pane, container, parts);
      setSession(opened);
      return () => {
        setSession(null);
        opened.stop();
      };
    },
    [pane, link, screen, travel, ticker, clock, openChart, crosshair, ownTrades],
  );

  const { token, interval, shape, log, holds, mode, look } = choice;
  useEffect(
    () => ifOpen(session, ({ chart }) => chart.setColors(readChartColors(document.documentElement))),
    [session, look],
  );
  useEffect(() => ifOpen(session, ({ chart }) => chart.setShape(shape)), [session, shape]);
  useEffect(() => ifOpen(session, ({ chart }) => chart.setLog(log)), [session, log]);
  useEffect(() => ifOpen(session, ({ chart }) => chart.setHolds(holds)), [session, holds]);
  useEffect(() => ifOpen(session, ({ chart }) => chart.setWatermark(WATERMARKS[mode])), [session, mode]);
  useEffect(() => ifOpen(session, one => one.show(token, interval)), [session, token, interval]);
  return { session, place };
}

/** A session may have ended in the very drawing that changes its choice (another screen, another time): its chart is gone then. */
function ifOpen(session: ChartSession | null, run: (session: ChartSession) => void): void {
  if (session !== null && !session.stopped) run(session);
}
