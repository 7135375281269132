import type { SerializedDockview } from 'dockview-react';
import { EMPTY_DESK, NEW_PANE, type DeskState, type LinkGroup } from '../state/desk-state.ts';
import { column, dockOf, pane, row, type Node } from './dock-tree.ts';

/** The layouts every desk begins with. */
export const PRESETS = ['Desk', 'Scalp', 'Operations'] as const;
export type PresetName = (typeof PRESETS)[number];

/** The room the panes have, in px. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** From this much room on there are three charts; on less they would be too small to read. */
const THREE_CHARTS: Room = { width: 1600, height: 800 };

/** What the panes of a preset remember at first: charts of different groups, so that each shows a token of its own. */
export function presetDesk(name: PresetName): DeskState {
  const group = (letter: LinkGroup, settings = {}): (typeof EMPTY_DESK)['panes'][string] => ({
    ...NEW_PANE,
    group: letter,
    settings,
  });
  if (name === 'Desk') {
    return {
      links: { ...EMPTY_DESK.links, B: 'BONK', C: 'JitoSOL' },
      panes: { 'chart-2': group('B', { interval: '5s' }), 'chart-3': group('C', { interval: '1m' }) },
    };
  }
  if (name === 'Scalp') return { ...EMPTY_DESK, panes: { 'chart-2': group('A', { interval: '1m' }) } };
  return EMPTY_DESK;
}

/** Where the panes of a preset are, in this much room. Panes whose kind `has` refuses are left out. */
export function presetDock(name: PresetName, room: Room, has: (pane: string) => boolean): SerializedDockview {
  const width = Math.max(room.width, 640);
  const height = Math.max(room.height, 400);
  return dockOf(TREES[name](width, height), { width, height }, has);
}

const TREES: Readonly<Record<PresetName, (width: number, height: number) => Node>> = {
  Desk(width, height) {
    const left = width >= 2200 ? 420 : width >= 1500 ? 372 : 340;
    const right = width >= 2200 ? 440 : width >= 1800 ? 396 : 340;
    const middle = Math.max(width - left - right, 200);
    const positions = height >= 880 ? 212 : 168;
    const charts = height - positions;
    const large = width >= THREE_CHARTS.width && height >= THREE_CHARTS.height;
    const small = Math.round(charts * 0.33);
    const tape = Math.round(height * 0.6);
    const pools = height >= 700 ? 240 : 0;
    return row(width, [
      column(left, [
        pane(height - pools, 'watchlist', 'sources'),
        ...(pools > 0 ? [pane(pools, 'pools')] : []),
      ]),
      column(middle, [
        pane(charts - (large ? small : 0), 'chart-1'),
        ...(large ? [row(small, [pane(middle / 2, 'chart-2'), pane(middle / 2, 'chart-3')])] : []),
        pane(positions, 'positions', 'alerts'),
      ]),
      column(right, [pane(tape, 'tape'), pane(height - tape, 'health')]),
    ]);
  },
  Scalp(width, height) {
    const left = width >= 1500 ? 340 : 300;
    const right = width >= 1500 ? 420 : 340;
    const middle = Math.max(width - left - right, 200);
    return row(width, [
      column(left, [pane(height * 0.55, 'watchlist'), pane(height * 0.45, 'positions', 'alerts')]),
      column(middle, [pane(height * 0.6, 'chart-1'), pane(height * 0.4, 'chart-2')]),
      pane(right, 'tape'),
    ]);
  },
  Operations(width, height) {
    const wide = width >= 1600;
    const right = wide ? 396 : 0;
    return row(width, [
      column(width - right, [pane(height * 0.4, 'lag', 'sources'), pane(height * 0.6, 'events')]),
      ...(wide ? [pane(right, 'health')] : []),
    ]);
  },
};
