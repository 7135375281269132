import { Orientation, type SerializedDockview } from 'dockview-react';

/** Panes that share a place as tabs, or places beside or above one another. */
export interface Node {
  /** Its extent along the axis of its parent, px. */
  readonly size: number;
  readonly panes?: readonly string[];
  readonly axis?: 'row' | 'column';
  readonly children?: readonly Node[];
}

type Place = SerializedDockview['grid']['root'];

/** One place; several panes in it are tabs, the first one on top. */
export function pane(size: number, ...panes: string[]): Node {
  return { size, panes };
}

/** Places beside one another. */
export function row(size: number, children: readonly Node[]): Node {
  return { size, axis: 'row', children };
}

/** Places above one another. */
export function column(size: number, children: readonly Node[]): Node {
  return { size, axis: 'column', children };
}

/** How narrow panes with columns may become before they cut their numbers off, px. */
const LEAST_WIDTH: Readonly<Record<string, number>> = {
  watchlist: 300,
  tape: 336,
  positions: 316,
  health: 260,
};

/** The smallest a pane may become, px. */
export function leastSize(pane: string): { minimumWidth: number; minimumHeight: number } {
  return { minimumWidth: LEAST_WIDTH[pane] ?? 240, minimumHeight: 96 };
}

/** The tree as dockview takes it; panes that `has` refuses are left out, and with them places that become empty. */
export function dockOf(
  root: Node,
  room: { width: number; height: number },
  has: (pane: string) => boolean,
): SerializedDockview {
  const panels: SerializedDockview['panels'] = {};
  let groups = 0;
  const placeOf = (node: Node): Place | null => {
    if (node.children !== undefined) {
      const data = node.children.map(placeOf).filter(place => place !== null);
      return data.length === 0 ? null : { type: 'branch', data, size: node.size };
    }
    const views = (node.panes ?? []).filter(has);
    const [activeView] = views;
    if (activeView === undefined) return null;
    for (const id of views)
      panels[id] = { id, contentComponent: 'pane', tabComponent: 'pane', ...leastSize(id) };
    groups += 1;
    return { type: 'leaf', data: { views, activeView, id: `g${groups}` }, size: node.size };
  };
  const place = placeOf(root);
  const orientation = root.axis === 'column' ? Orientation.VERTICAL : Orientation.HORIZONTAL;
  return {
    grid: {
      root:
        place?.type === 'branch'
          ? { ...place, size: root.axis === 'column' ? room.width : room.height }
          : { type: 'branch', data: place === null ? [] : [place], size: room.height },
      width: room.width,
      height: room.height,
      orientation,
    },
    panels,
    ...(groups === 0 ? {} : { activeGroup: 'g1' }),
  };
}
