import type { IDockviewPanelHeaderProps, IDockviewPanelProps } from 'dockview-react';
import { useContext, useEffect, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { Guard } from '../app/guard.tsx';
import { useRegion } from '../format/use-region.ts';
import { productOf } from '../state/names.ts';
import { kindOf, regionName } from './pane-ids.ts';
import { PaneToolsPlace } from './pane-tools.tsx';
import { ToolPlacesContext } from './tool-places.ts';
import { useLinkedToken } from './use-linked-token.ts';

/** One pane below its title bar. */
export function PaneFrame({ api }: IDockviewPanelProps): ReactElement {
  const places = useContext(ToolPlacesContext);
  const place = useStore(places, state => state[api.id] ?? null);
  const kind = kindOf(api.id);
  useRegion();
  if (kind === undefined) {
    return (
      <p className="pane-empty">
        <strong>This pane is of a later version.</strong> Close it, or start the newer Tenhertz.
      </p>
    );
  }
  const Pane = kind.component;
  return (
    <div className="pane" data-pane={api.id}>
      <PaneToolsPlace value={place}>
        <Guard name={kind.title}>
          <Pane paneId={api.id} />
        </Guard>
      </PaneToolsPlace>
    </div>
  );
}

/** The title of a pane on its tab; of a kind there may be many of, the token tells them apart. */
export function PaneTab({ api }: IDockviewPanelHeaderProps): ReactElement {
  const kind = kindOf(api.id);
  const token = useLinkedToken(api.id);
  const title = kind?.title ?? api.id;
  const name = kind === undefined ? api.id : regionName(kind, api.id, token);
  // Dockview names the tab, and the region of the place, by the pane's title.
  useEffect(() => {
    if (api.title !== name) api.setTitle(name);
  }, [api, name]);
  return (
    <span className="pane-tab">
      {title}
      {kind?.many === true && token !== null && <span className="pane-tab-token">{productOf(token)}</span>}
    </span>
  );
}
