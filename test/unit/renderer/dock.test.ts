// @vitest-environment happy-dom
import type { DockviewApi } from 'dockview-react';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDock } from '../../../src/renderer/desk/dock.ts';
import type { Dock } from '../../../src/renderer/desk/dock-port.ts';

/** A group of the stand-in, with what was asked of it. */
class FakeGroup {
  readonly element = document.createElement('div');
  readonly panels: FakePanel[] = [];
  readonly sizes: unknown[] = [];
  readonly width = 500;
  readonly height = 300;
  maximised = false;
  activePanel: FakePanel | undefined;
  readonly id: string;
  readonly api: object;

  constructor(id: string, type: 'grid' | 'popout' = 'grid') {
    this.id = id;
    this.api = {
      location: { type },
      getWindow: () => window,
      isMaximized: () => this.maximised,
      setSize: (size: unknown) => this.sizes.push(size),
    };
  }
}

class FakePanel {
  readonly moves: unknown[] = [];
  readonly id: string;
  readonly group: FakeGroup;
  readonly api: object;

  constructor(id: string, group: FakeGroup) {
    this.id = id;
    this.group = group;
    group.panels.push(this);
    group.activePanel ??= this;
    this.api = {
      group,
      location: (group.api as { location: object }).location,
      setActive: () => (group.activePanel = this),
      isMaximized: () => group.maximised,
      maximize: () => (group.maximised = true),
      exitMaximized: () => (group.maximised = false),
      moveTo: (to: unknown) => this.moves.push(to),
      close: () => group.panels.splice(group.panels.indexOf(this), 1),
    };
  }
}

/** As much of dockview as the handle uses. */
class FakeDockview {
  groups: FakeGroup[] = [];
  neighbour: FakeGroup | undefined;
  popsOut = true;
  activeGroup: FakeGroup | undefined;

  get panels(): FakePanel[] {
    return this.groups.flatMap(group => group.panels);
  }
  get activePanel(): FakePanel | undefined {
    return this.activeGroup?.activePanel;
  }
  getPanel = (id: string): FakePanel | undefined => this.panels.find(one => one.id === id);
  hasMaximizedGroup = (): boolean => this.groups.some(group => group.maximised);
  exitMaximizedGroup = (): void => {
    for (const group of this.groups) group.maximised = false;
  };
  addPopoutGroup = (): Promise<boolean> => Promise.resolve(this.popsOut);
  adjacentGroupInDirection = (): FakeGroup | undefined => this.neighbour;
  toJSON = (): object => ({ panels: this.panels.length });
}

describe('the handle of the dock', () => {
  let view: FakeDockview;
  let dock: Dock;
  let said: string[];
  let detach: () => void;
  const attach = (to: FakeDockview): (() => void) => dock.attach(to as unknown as DockviewApi);

  beforeEach(() => {
    view = new FakeDockview();
    said = [];
    dock = createDock(words => said.push(words));
    view.groups = [new FakeGroup('left'), new FakeGroup('right')];
    const [left, right] = view.groups as [FakeGroup, FakeGroup];
    new FakePanel('watchlist', left);
    new FakePanel('tape', left);
    new FakePanel('positions', right);
    view.activeGroup = left;
    detach = attach(view);
  });

  it('says that a browser opened no window, and nothing when it did', async () => {
    expect(await dock.popOut('tape')).toBe(true);
    expect(said).toEqual([]);
    view.popsOut = false;
    expect(await dock.popOut('tape')).toBe(false);
    expect(said).toEqual([expect.stringContaining('allow pop-up windows')]);
    expect(await dock.popOut('nobody')).toBe(false);
  });

  it('moves a pane to its neighbour, else to an edge of its own, and a lone one nowhere', () => {
    const panel = view.getPanel('tape');
    view.neighbour = view.groups[1];
    dock.move('tape', 'right');
    expect(panel?.moves).toEqual([{ group: view.groups[1], position: 'center' }]);
    view.neighbour = undefined;
    dock.move('tape', 'up');
    expect(panel?.moves[1]).toEqual({ position: 'top' });
    view.groups = view.groups.slice(0, 1);
    dock.move('tape', 'left');
    expect(panel?.moves).toHaveLength(2);
    dock.move('nobody', 'left');
  });

  it('splits a pane off only where it is not alone', () => {
    dock.split('tape', 'down');
    dock.split('positions', 'down');
    dock.split('nobody', 'down');
    expect(view.getPanel('tape')?.moves).toEqual([{ group: view.groups[0], position: 'bottom' }]);
    expect(view.getPanel('positions')?.moves).toEqual([]);
  });

  it('changes one measure of a place and leaves the other', () => {
    dock.resize('tape', { width: 40 });
    dock.resize('tape', { height: -40 });
    dock.resize('nobody', { width: 40 });
    expect(view.groups[0]?.sizes).toEqual([{ width: 540 }, { height: 260 }]);
  });

  it('leaves a maximised pane for another one that is asked for, and steps within it otherwise', () => {
    dock.toggleMaximised('watchlist');
    expect(dock.isMaximised()).toBe(true);
    dock.step(1);
    expect(dock.active()).toBe('watchlist');
    dock.focus('tape');
    expect(dock.isMaximised()).toBe(true);
    dock.focus('positions');
    expect(dock.isMaximised()).toBe(false);
    dock.focus('nobody');
  });

  it('maximises nothing that lives in a window of its own', () => {
    const popped = new FakeGroup('out', 'popout');
    new FakePanel('sources', popped);
    view.groups.push(popped);
    dock.toggleMaximised('sources');
    expect(dock.isMaximised()).toBe(false);
  });

  it('steps through the tabs of a place and round again', () => {
    dock.stepTab(1);
    expect(dock.active()).toBe('tape');
    dock.stepTab(1);
    expect(dock.active()).toBe('watchlist');
    dock.stepTab(-1);
    expect(dock.active()).toBe('tape');
  });

  it('closes a pane, also the last one', () => {
    dock.close('positions');
    expect(dock.panes()).toEqual(['watchlist', 'tape']);
    view.activeGroup = undefined;
    dock.close('tape');
    dock.stepTab(1);
    expect(dock.active()).toBeNull();
  });

  it('does nothing while there is no dock, and is not taken away by a dock that was replaced', () => {
    const other = new FakeDockview();
    const detachOther = attach(other);
    detach();
    expect(dock.json()).toEqual({ panels: 0 });
    detachOther();
    expect(dock.json()).toBeNull();
    expect(dock.panes()).toEqual([]);
    expect(dock.active()).toBeNull();
    expect(dock.isMaximised()).toBe(false);
    dock.focus('tape');
    dock.close('tape');
    dock.toggleMaximised('tape');
    dock.open('tape');
    dock.step(1);
    dock.stepTab(1);
  });
});
