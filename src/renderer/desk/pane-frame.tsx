import { useState, type ReactElement } from 'react';
import type { PaneId } from '../state/desk-state.ts';
import { paneKind } from './pane-registry.ts';
import { PaneToolsPlace } from './pane-tools.tsx';

/** A pane with its title bar, as a region that assistive technology finds by name. */
export function PaneFrame({ kind: name, paneId }: { kind: string; paneId: PaneId }): ReactElement | null {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const kind = paneKind(name);
  if (kind === undefined) return null;
  const Pane = kind.component;
  return (
    <section className="pane" role="region" aria-label={kind.region} data-pane={paneId}>
      <div className="pane-title">
        <h2>{kind.title}</h2>
        <span className="pane-tools" ref={setPlace} />
      </div>
      <PaneToolsPlace value={place}>
        <Pane paneId={paneId} />
      </PaneToolsPlace>
    </section>
  );
}
