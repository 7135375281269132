import { DropdownMenu } from 'radix-ui';
import { useState, type ReactElement } from 'react';
import { useServices } from '../app/services.ts';
import { menuPlace } from './menu-place.ts';
import { useKeyText } from '../commands/use-key-text.ts';
import type { PaneId } from '../state/desk-state.ts';
import { MoreIcon } from '../top-bar/icons.tsx';

/** What can be done with a pane: maximise, move, a window of its own, close. The same as the palette's commands. */
export function PaneMenu({ pane, title }: { pane: PaneId; title: string }): ReactElement {
  const { dock } = useServices();
  const [button, setButton] = useState<HTMLElement | null>(null);
  const [maximised, setMaximised] = useState(false);
  const items = [
    {
      text: maximised ? 'Restore' : 'Maximise',
      command: 'pane.maximise',
      run: () => dock.toggleMaximised(pane),
    },
    { text: 'Open in a window of its own', command: 'pane.pop-out', run: () => void dock.popOut(pane) },
    null,
    { text: 'Move left', command: 'pane.move-left', run: () => dock.move(pane, 'left') },
    { text: 'Move right', command: 'pane.move-right', run: () => dock.move(pane, 'right') },
    { text: 'Move up', command: 'pane.move-up', run: () => dock.move(pane, 'up') },
    { text: 'Move down', command: 'pane.move-down', run: () => dock.move(pane, 'down') },
    null,
    { text: 'Close', command: 'pane.close', run: () => dock.close(pane) },
  ];
  return (
    <DropdownMenu.Root modal={false} onOpenChange={open => open && setMaximised(dock.isMaximised())}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          ref={setButton}
          className="icon-button pane-menu"
          aria-label={`${title}: menu`}
          title="Menu of this pane"
        >
          <MoreIcon />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={menuPlace(button)}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={2} collisionPadding={8}>
          {items.map((item, index) =>
            item === null ? (
              <DropdownMenu.Separator key={index} className="menu-line" />
            ) : (
              <DropdownMenu.Item key={item.command} className="menu-item" onSelect={item.run}>
                {item.text}
                <MenuKey command={item.command} />
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function MenuKey({ command }: { command: string }): ReactElement | null {
  const text = useKeyText(command);
  return text === null ? null : <kbd className="menu-key">{text}</kbd>;
}
