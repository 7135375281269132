import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { menuPlace } from '../desk/menu-place.ts';
import { Tabs, tabIds } from '../top-bar/tabs.tsx';
import { PlusIcon } from '../top-bar/icons.tsx';
import type { Layout } from './layout.ts';

/** The ids of a layout's tab and panel. They go by place: a name may hold anything. */
export function layoutTabIds(layouts: readonly Layout[], name: string): { tab: string; panel: string } {
  return tabIds('layout', String(layouts.findIndex(layout => layout.name === name)));
}

const MENU = ['new', null, 'duplicate', 'rename', 'reset', null, 'export', 'import', null, 'delete'] as const;

/** The layouts as tabs, and a menu to make, change and delete them. */
export function LayoutTabs(): ReactElement {
  const { layouts, commands, view } = useServices();
  const all = useStore(layouts.store, state => state.layouts);
  const active = useStore(layouts.store, state => state.active);
  const tabs = all.map(({ name }, index) => ({ id: String(index), label: name }));
  return (
    <div className="layout-tabs">
      <Tabs
        name="layout"
        label="Layouts"
        tabs={tabs}
        selected={String(all.findIndex(layout => layout.name === active))}
        onSelect={index => layouts.show(all[Number(index)]?.name ?? active)}
        onRename={() => view.setState({ dialog: { kind: 'rename-layout', name: active } })}
      />
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <button
            type="button"
            className="icon-button"
            aria-label="Layouts: new, rename, delete"
            title="Layouts"
          >
            <PlusIcon />
          </button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal container={menuPlace(null)}>
          <DropdownMenu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
            {MENU.map((id, index) => {
              if (id === null) return <DropdownMenu.Separator key={index} className="menu-line" />;
              const command = commands.find(`layout.${id}`);
              return (
                <DropdownMenu.Item key={id} className="menu-item" onSelect={() => command?.run()}>
                  {command?.title}
                </DropdownMenu.Item>
              );
            })}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
