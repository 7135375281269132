import { DockviewReact, type DockviewApi, type DockviewReadyEvent, type DockviewTheme } from 'dockview-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';
import { presetDock } from '../layouts/presets.ts';
import { HeaderEnd, HeaderStart } from './pane-header.tsx';
import { PaneFrame, PaneTab } from './pane-frame.tsx';
import { keepWindows } from './keep-windows.ts';
import { kindOf } from './pane-ids.ts';
import { popoutAddress } from './dock.ts';
import { ToolPlacesContext, createToolPlaces } from './tool-places.ts';
import 'dockview-react/dist/styles/dockview.css';
import './dock.css';

/** Colours and sizes come from our own tokens; see `dock.css`. */
const THEME: DockviewTheme = {
  name: 'tenhertz',
  className: 'dockview-theme-tenhertz',
  dndTabIndicator: 'line',
  dndPanelOverlay: 'group',
  tabGroupIndicator: 'none',
};

const COMPONENTS = { pane: PaneFrame };
const TABS = { pane: PaneTab };

/** The panes of the layout in use, docked. Which panes are where is the layout's; what they remember is the desk's. */
export function DockView(): ReactElement {
  const { layouts, dock, keys } = useServices();
  const shown = useStore(layouts.store, state => state.shown);
  const [api, setApi] = useState<DockviewApi | null>(null);
  const [places] = useState(createToolPlaces);
  const host = useRef<HTMLDivElement>(null);
  /** Whether the trader has moved panes since they were put there; a window that is resized moves nothing. */
  const touched = useRef(false);

  useEffect(() => {
    if (api === null) return undefined;
    const save = (): void => {
      if (touched.current && !api.hasMaximizedGroup()) layouts.moved(api.toJSON());
    };
    const undo = [
      api.onDidMutateLayout(({ kind }) => {
        if (kind !== 'load' && kind !== 'clear') touched.current = true;
        save();
      }),
      api.onDidLayoutChange(save),
    ];
    const detach = dock.attach(api);
    const letGo = keepWindows(api, keys, document.documentElement);
    return () => {
      detach();
      letGo();
      for (const one of undo) one.dispose();
    };
  }, [api, dock, keys, layouts]);

  useEffect(() => {
    if (api === null) return;
    const layout = layouts.active();
    touched.current = layout.dock !== null;
    const has = (pane: string): boolean => kindOf(pane) !== undefined;
    const preset = (): void =>
      api.fromJSON(presetDock(layout.base, { width: api.width, height: api.height }, has));
    try {
      if (layout.dock === null) preset();
      else api.fromJSON(layout.dock);
    } catch (error) {
      layouts.failed(messageOf(error));
    }
  }, [api, layouts, shown]);

  const onReady = ({ api: ready }: DockviewReadyEvent): void => {
    // The size is asked for before the first panes are placed by it.
    const { width = 0, height = 0 } = host.current?.getBoundingClientRect() ?? {};
    ready.layout(width, height);
    setApi(ready);
  };
  // A border that is drawn elsewhere is the trader's doing.
  const onPointerDown = (event: React.PointerEvent): void => {
    if (event.target instanceof Element && event.target.closest('.dv-sash') !== null) touched.current = true;
  };
  return (
    <div className="dock" ref={host} onPointerDownCapture={onPointerDown}>
      <ToolPlacesContext value={places}>
        <DockviewReact
          components={COMPONENTS}
          tabComponents={TABS}
          theme={THEME}
          onReady={onReady}
          prefixHeaderActionsComponent={HeaderStart}
          rightHeaderActionsComponent={HeaderEnd}
          disableFloatingGroups
          disableTabsOverflowList
          popoutUrl={popoutAddress()}
          scrollbars="native"
        />
      </ToolPlacesContext>
    </div>
  );
}
