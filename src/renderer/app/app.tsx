import { useSyncExternalStore, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { PaneFrame } from '../desk/pane-frame.tsx';
import { Operations } from '../operations/operations.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { tabIds } from '../top-bar/tabs.tsx';
import { TopBar } from '../top-bar/top-bar.tsx';
import { Announcer } from './announcer.tsx';
import { useServices } from './services.ts';
import './app.css';

/** From this width on there is room for tape and health beside the chart; below it they lie over it, on demand. */
const WIDE = '(min-width: 1200px)';

function watchWidth(listener: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The desk or operations, and the truth bar under them. */
export function App(): ReactElement {
  const { view } = useServices();
  const wide = useSyncExternalStore(watchWidth, () => window.matchMedia(WIDE).matches);
  const healthOpen = useStore(view, state => state.healthOpen) ?? wide;
  const page = useStore(view, state => state.page);
  const ids = tabIds('page', page);
  return (
    <div className="app">
      <TopBar healthOpen={healthOpen} onHealth={() => view.setState({ healthOpen: !healthOpen })} />
      <main className="page">
        <div className={page} role="tabpanel" id={ids.panel} aria-labelledby={ids.tab}>
          {page === 'desk' ? <Desk wide={wide} healthOpen={healthOpen} /> : <Operations />}
        </div>
      </main>
      <StatusBar />
      <Announcer />
    </div>
  );
}

/** Watchlist, chart with the positions under it, and the tape with system health under it. */
function Desk({ wide, healthOpen }: { wide: boolean; healthOpen: boolean }): ReactElement {
  return (
    <>
      <PaneFrame kind="watchlist" paneId="watchlist" />
      <div className="desk-centre">
        <PaneFrame kind="chart" paneId="chart-1" />
        <PaneFrame kind="positions" paneId="positions" />
      </div>
      {(wide || healthOpen) && (
        <div className="desk-side">
          <PaneFrame kind="tape" paneId="tape" />
          {healthOpen && <PaneFrame kind="health" paneId="health" />}
        </div>
      )}
    </>
  );
}
