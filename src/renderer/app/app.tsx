import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { AlertEditor } from '../alerts/alert-editor.tsx';
import { AlertToasts } from '../alerts/alert-toasts.tsx';
import { DockView } from '../desk/dock-view.tsx';
import { LayoutDialogs } from '../layouts/layout-dialogs.tsx';
import { LayoutNotice } from '../layouts/layout-notice.tsx';
import { layoutTabIds } from '../layouts/layout-tabs.tsx';
import { Palette } from '../palette/palette.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { TopBar } from '../top-bar/top-bar.tsx';
import { WelcomeDialog } from '../welcome/welcome-dialog.tsx';
import { WelcomeStrip } from '../welcome/welcome-strip.tsx';
import { Announcer } from './announcer.tsx';
import { region } from '../format/region.ts';
import { RegionContext } from '../format/use-region.ts';
import { PastNotice } from '../travel/past-notice.tsx';
import { TimeLine } from '../travel/time-line.tsx';
import { useShownServices } from '../travel/use-past.ts';
import { Guard } from './guard.tsx';
import { ServicesContext, useServices } from './services.ts';
import './app.css';

/**
 * The top bar, the panes of the layout in use, the time line and the truth bar under them. While the screen shows the past, bars
 * and panes draw from the services of then; dialogs, the palette and the time line itself stay in the present.
 */
export function App(): ReactElement {
  const { layouts, travel, link, ticker, view } = useServices();
  const shown = useShownServices();
  const when = useStore(travel.state, state => state.when);
  const active = useStore(layouts.store, state => state.active);
  // Another choice draws everything anew; how it is written is the page's own and changed before.
  useStore(view, state => state.region);
  const ids = layoutTabIds(layouts.store.getState().layouts, active);
  return (
    <RegionContext value={region()}>
      <div className="app" data-when={when}>
        <ServicesContext value={shown}>
          <Guard name="The top bar">
            <TopBar />
          </Guard>
        </ServicesContext>
        <div className="app-notices">
          <WelcomeStrip />
          <LayoutNotice />
          <PastNotice travel={travel} now={() => ticker.now()} />
        </div>
        <main className="page">
          <div className="page-panel" role="tabpanel" id={ids.panel} aria-labelledby={ids.tab}>
            <ServicesContext value={shown}>
              <DockView />
            </ServicesContext>
          </div>
        </main>
        <Guard name="The time line">
          <TimeLine travel={travel} link={link} now={() => ticker.now()} />
        </Guard>
        <ServicesContext value={shown}>
          <Guard name="The truth bar">
            <StatusBar />
          </Guard>
        </ServicesContext>
        <Announcer />
        <Palette />
        <LayoutDialogs />
        <WelcomeDialog />
        <AlertEditor />
        <AlertToasts />
      </div>
    </RegionContext>
  );
}
