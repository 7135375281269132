import type { ComponentType, ReactElement } from 'react';
import type { PaneId } from '../state/desk-state.ts';

/** What every pane is given. */
export interface PaneProps {
  readonly paneId: PaneId;
}

/** One kind of pane the desk can show. */
export interface PaneKind {
  /** Its name in layouts: never changed once released. */
  readonly kind: string;
  /** Stands in the pane's title. */
  readonly title: string;
  /** The name of the pane's region for assistive technology and tests. The frame sets it, the component does not. */
  readonly region: string;
  readonly icon: () => ReactElement;
  /** Draws the pane below its title. What belongs into the title goes through `PaneTools`. */
  readonly component: ComponentType<PaneProps>;
  /** Whether a layout may have several of it; each has an id, a link group and settings of its own. */
  readonly many: boolean;
  /** Whether it shows one token and so belongs to a link group. */
  readonly linked: boolean;
  /** More words by which the palette finds it. */
  readonly keywords: readonly string[];
}
