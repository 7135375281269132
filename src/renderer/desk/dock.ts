import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from 'dockview-react';
import type { PaneId } from '../state/desk-state.ts';
import type { Dock } from './dock-port.ts';
import { leastSize } from '../layouts/dock-tree.ts';
import { kindOf, newPaneId } from './pane-ids.ts';
import { paneKind } from './pane-registry.ts';

const SIDES = { left: 'left', right: 'right', up: 'top', down: 'bottom' } as const;

/** The handle for one dock; `say` is told when a window cannot be opened. */
export function createDock(say: (notice: string) => void): Dock {
  let dock: DockviewApi | null = null;
  const panel = (pane: PaneId): IDockviewPanel | undefined => dock?.getPanel(pane);
  const focusGroup = (group: DockviewGroupPanel): void => {
    group.activePanel?.api.setActive();
    group.api.getWindow().focus();
    focusInside(group.element);
  };
  const focus = (pane: PaneId): void => {
    const found = panel(pane);
    if (found === undefined) return;
    if (dock?.hasMaximizedGroup() === true && !found.group.api.isMaximized()) dock.exitMaximizedGroup();
    found.api.setActive();
    focusGroup(found.group);
  };
  return {
    attach(api) {
      dock = api;
      return () => {
        if (dock === api) dock = null;
      };
    },
    panes: () => dock?.panels.map(one => one.id) ?? [],
    active: () => dock?.activePanel?.id ?? null,
    open(name) {
      const kind = paneKind(name);
      if (dock === null || kind === undefined) return;
      const id = newPaneId(
        kind,
        dock.panels.map(one => one.id),
      );
      if (id !== null) {
        const beside = roomyPane(dock)?.id;
        const similar = kindOf(beside ?? '') === kind ? 'right' : 'within';
        dock.addPanel({
          id,
          component: 'pane',
          tabComponent: 'pane',
          ...leastSize(id),
          ...(beside === undefined ? {} : { position: { referencePanel: beside, direction: similar } }),
        });
      }
      focus(id ?? name);
    },
    focus,
    step(by) {
      const groups = dock?.groups.filter(group => group.activePanel !== undefined) ?? [];
      const sorted =
        dock?.hasMaximizedGroup() === true
          ? groups.filter(group => group.api.isMaximized())
          : inReadingOrder(groups);
      const now = sorted.findIndex(group => group === dock?.activeGroup);
      const next = sorted[(now + by + sorted.length) % sorted.length];
      if (next !== undefined) focusGroup(next);
    },
    close(pane) {
      panel(pane)?.api.close();
      const next = dock?.activeGroup;
      if (next !== undefined) focusGroup(next);
    },
    toggleMaximised(pane) {
      const found = panel(pane);
      if (found === undefined || found.api.location.type !== 'grid') return;
      if (found.api.isMaximized()) found.api.exitMaximized();
      else found.api.maximize();
    },
    isMaximised: () => dock?.hasMaximizedGroup() ?? false,
    async popOut(pane) {
      const found = panel(pane);
      if (dock === null || found === undefined) return false;
      const done = await dock.addPopoutGroup(found, { popoutUrl: popoutAddress() });
      if (!done)
        say('The browser did not open a window for this pane; allow pop-up windows for this address.');
      return done;
    },
    move(pane, direction) {
      const found = panel(pane);
      if (dock === null || found === undefined) return;
      const neighbour = dock.adjacentGroupInDirection(found.group, direction);
      const target = dock.groups.find(group => group.id === neighbour?.id);
      if (target !== undefined) found.api.moveTo({ group: target, position: 'center' });
      else if (dock.groups.length > 1) found.api.moveTo({ position: SIDES[direction] });
      focusGroup(found.group);
    },
    split(pane, direction) {
      const found = panel(pane);
      if (found === undefined || found.group.panels.length < 2) return;
      found.api.moveTo({ group: found.group, position: SIDES[direction] });
      focusGroup(found.group);
    },
    resize(pane, by) {
      const group = panel(pane)?.group;
      if (group === undefined) return;
      group.api.setSize({
        ...(by.width === undefined ? {} : { width: group.width + by.width }),
        ...(by.height === undefined ? {} : { height: group.height + by.height }),
      });
    },
    stepTab(by) {
      const group = dock?.activeGroup;
      if (group === undefined) return;
      const now = group.panels.findIndex(one => one === group.activePanel);
      const next = group.panels[(now + by + group.panels.length) % group.panels.length];
      next?.api.setActive();
      focusInside(group.element);
    },
    json: () => dock?.toJSON() ?? null,
  };
}

/** The page a pane in a window of its own lives in: beside this one, of the same origin. */
export function popoutAddress(): string {
  return new URL('./popout.html', document.location.href).pathname;
}

/** From left to right, and in a column from above; windows of their own last. */
function inReadingOrder(groups: readonly DockviewGroupPanel[]): DockviewGroupPanel[] {
  const place = (group: DockviewGroupPanel): [number, number, number] => {
    const { left, top } = group.element.getBoundingClientRect();
    return [group.api.location.type === 'popout' ? 1 : 0, left, top];
  };
  return [...groups].sort((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
  });
}

/** The focus goes to the tab of the pane: from there Tab leads into it. */
function focusInside(group: HTMLElement): void {
  const tab = group.querySelector<HTMLElement>('.dv-tab.dv-active-tab, .dv-active-tab');
  (tab ?? group).focus({ preventScroll: true });
}

/** How wide a place must be for a new pane to join it as a tab, px. */
const ROOMY = 420;

/** The pane a new one joins: the active one where there is room, else the one with the widest place. */
function roomyPane(dock: DockviewApi): IDockviewPanel | undefined {
  const active = dock.activePanel;
  if (active !== undefined && active.group.width >= ROOMY) return active;
  const [widest] = dock.groups
    .filter(group => group.api.location.type === 'grid')
    .sort((a, b) => b.width - a.width || b.height - a.height);
  return widest?.activePanel ?? active;
}
