import { DropdownMenu } from 'radix-ui';
import { useState, type ReactElement } from 'react';
import { useServices } from '../app/services.ts';
import { menuPlace } from './menu-place.ts';
import { LINK_GROUPS, type PaneId } from '../state/desk-state.ts';
import { joinGroup } from '../state/link-groups.ts';
import { groupName } from './group-name.ts';
import { useLinkGroup } from './use-linked-token.ts';

/** The dot of a pane's link group; it opens the choice of another one. */
export function LinkButton({ pane }: { pane: PaneId }): ReactElement {
  const { desk, screen } = useServices();
  const group = useLinkGroup(pane);
  const [button, setButton] = useState<HTMLElement | null>(null);
  const join = (chosen: string): void => {
    const next = LINK_GROUPS.find(one => one === chosen) ?? null;
    joinGroup(desk, pane, next, screen.getState().tokens);
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          ref={setButton}
          className="link-button"
          data-group={group ?? 'none'}
          aria-label={`Link: ${groupName(group)}`}
          title={`${groupName(group)}: panes of one group show the same token`}
        >
          <span className="link-dot" />
        </button>
      </DropdownMenu.Trigger>
      {/* A pane in a window of its own opens its menus there. */}
      <DropdownMenu.Portal container={menuPlace(button)}>
        <DropdownMenu.Content className="menu" align="start" sideOffset={2} collisionPadding={8}>
          <DropdownMenu.Label className="menu-label">Shows the token of</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={group ?? 'none'} onValueChange={join}>
            {[...LINK_GROUPS, null].map(one => (
              <DropdownMenu.RadioItem key={one ?? 'none'} className="menu-item" value={one ?? 'none'}>
                <span className="link-dot" data-group={one ?? 'none'} />
                {one === null ? 'No group: its own' : groupName(one)}
                <DropdownMenu.ItemIndicator className="menu-mark">✓</DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
