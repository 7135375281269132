import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { useContext, useEffect, useState, type ReactElement } from 'react';
import { kindOf, regionName } from './pane-ids.ts';
import { LinkButton } from './link-button.tsx';
import { PaneMenu } from './pane-menu.tsx';
import { ToolPlacesContext } from './tool-places.ts';
import { useLinkedToken } from './use-linked-token.ts';

/** The left end of a title bar: the link group of the pane on top. */
export function HeaderStart({ activePanel }: IDockviewHeaderActionsProps): ReactElement | null {
  const pane = activePanel?.id;
  return pane !== undefined && kindOf(pane)?.linked === true ? (
    <LinkButton pane={pane} />
  ) : (
    <span className="no-link" />
  );
}

/** The right end of a title bar: the tools of the pane on top, and its menu. */
export function HeaderEnd({ activePanel, group }: IDockviewHeaderActionsProps): ReactElement {
  const places = useContext(ToolPlacesContext);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const pane = activePanel?.id ?? '';
  const token = useLinkedToken(pane);
  const kind = kindOf(pane);
  const name = kind === undefined ? 'Pane' : regionName(kind, pane, token);
  useEffect(() => {
    group.element.setAttribute('data-region', pane);
  }, [group, pane]);
  useEffect(() => {
    if (pane === '' || place === null) return undefined;
    places.setState({ [pane]: place });
    return () => places.setState(state => (state[pane] === place ? { [pane]: null } : {}));
  }, [places, pane, place]);
  return (
    <div className="pane-end">
      <h2 className="visually-hidden">{name}</h2>
      <span className="pane-tools" ref={setPlace} />
      {pane !== '' && <PaneMenu pane={pane} title={name} />}
    </div>
  );
}
