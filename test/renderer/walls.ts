import { column, dockOf, pane, row, type Node } from '../../src/renderer/layouts/dock-tree.ts';
import type { Scene } from './fake/scene.ts';

/** How the screen looks. */
export interface Look {
  readonly theme: 'dark' | 'light';
  readonly density: 'comfortable' | 'compact';
}

export const LOOKS: readonly Look[] = [
  { theme: 'dark', density: 'comfortable' },
  { theme: 'dark', density: 'compact' },
  { theme: 'light', density: 'comfortable' },
  { theme: 'light', density: 'compact' },
];

/** The room of the panes in a window of 1280 x 800. */
export const ROOM = { width: 1280, height: 690 };

/** Every kind of pane, six at a time, so that each is seen about as small as it is used. */
export const WALLS: Readonly<Record<'market' | 'system', readonly (readonly string[])[]>> = {
  market: [
    ['watchlist', 'positions'],
    ['chart', 'pools'],
    ['tape', 'sources'],
  ],
  system: [
    ['health', 'lag'],
    ['alerts', 'keys'],
    ['settings', 'events'],
  ],
};

/** The desk's documents with this look, the welcome put away, and one layout of `panes` in columns where they are given. */
export function documentsOf(
  { theme, density }: Look,
  panes?: readonly (readonly string[])[],
): NonNullable<Scene['documents']> {
  const screen = { version: 1, welcomed: true, theme, density };
  if (panes === undefined) return { screen };
  const dock = dockOf(wall(panes), ROOM, () => true);
  const layout = { name: 'All', base: 'Desk', desk: { panes: {}, links: {} }, dock };
  return { screen, layouts: { version: 1, active: 'All', layouts: [layout] } };
}

function wall(panes: readonly (readonly string[])[]): Node {
  const { width, height } = ROOM;
  return row(
    width,
    panes.map(kinds =>
      column(
        width / panes.length,
        kinds.map(kind => pane(height / kinds.length, kind)),
      ),
    ),
  );
}
