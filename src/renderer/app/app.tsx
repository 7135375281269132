import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
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
import { useServices } from './services.ts';
import './app.css';

/** The top bar, the panes of the layout in use, and the truth bar under them. */
export function App(): ReactElement {
  const { layouts } = useServices();
  const active = useStore(layouts.store, state => state.active);
  const ids = layoutTabIds(layouts.store.getState().layouts, active);
  return (
    <div className="app">
      <TopBar />
      <div className="app-notices">
        <WelcomeStrip />
        <LayoutNotice />
      </div>
      <main className="page">
        <div className="page-panel" role="tabpanel" id={ids.panel} aria-labelledby={ids.tab}>
          <DockView />
        </div>
      </main>
      <StatusBar />
      <Announcer />
      <Palette />
      <LayoutDialogs />
      <WelcomeDialog />
    </div>
  );
}
