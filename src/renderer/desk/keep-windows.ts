import type { DockviewApi } from 'dockview-react';
import type { Keys } from '../commands/keys.ts';
import type { Cancel } from '../time/clock.ts';

/** What of the screen's root tells a style sheet how to look. */
const LOOK = ['data-theme', 'data-colours', 'data-density', 'lang'];

/** Gives windows of single panes the look, the keys and a title of the screen they belong to. */
export function keepWindows(api: DockviewApi, keys: Keys, root: HTMLElement): Cancel {
  const undos = new Map<string, Cancel>();
  const added = api.onDidAddPopoutGroup(({ id, group, window }) => {
    const page = window.document;
    const copy = (): void => {
      for (const name of LOOK) {
        const value = root.getAttribute(name);
        if (value !== null) page.documentElement.setAttribute(name, value);
      }
    };
    copy();
    page.title = `${group.activePanel?.title ?? 'Pane'} · Tenhertz`;
    const observer = new MutationObserver(copy);
    observer.observe(root, { attributes: true, attributeFilter: LOOK });
    const silence = keys.listen(window);
    undos.set(id, () => {
      observer.disconnect();
      silence();
    });
  });
  const removed = api.onDidRemovePopoutGroup(({ id }) => {
    undos.get(id)?.();
    undos.delete(id);
  });
  return () => {
    added.dispose();
    removed.dispose();
    for (const undo of undos.values()) undo();
  };
}
