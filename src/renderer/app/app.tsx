import { useSyncExternalStore, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { ChartPane } from '../chart/chart-pane.tsx';
import { HealthPane } from '../health/health-pane.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { TopBar } from '../top-bar/top-bar.tsx';
import { Watchlist } from '../watchlist/watchlist.tsx';
import { Announcer } from './announcer.tsx';
import { useServices } from './services.ts';
import './app.css';

/** From this width on there is room for the health pane beside the chart; below it lies over the chart. */
const WIDE = '(min-width: 1200px)';

function watchWidth(listener: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The desk: watchlist, chart, system health, and the truth bar under them. */
export function App(): ReactElement {
  const { view } = useServices();
  const wide = useSyncExternalStore(watchWidth, () => window.matchMedia(WIDE).matches);
  const healthOpen = useStore(view, state => state.healthOpen) ?? wide;
  return (
    <div className="app">
      <TopBar healthOpen={healthOpen} onHealth={() => view.setState({ healthOpen: !healthOpen })} />
      <main className="desk" data-health={healthOpen}>
        <Watchlist />
        <ChartPane />
        {healthOpen && <HealthPane />}
      </main>
      <StatusBar />
      <Announcer />
    </div>
  );
}
