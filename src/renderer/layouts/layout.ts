import type { SerializedDockview } from 'dockview-react';
import type { DeskState } from '../state/desk-state.ts';
import type { PresetName } from './presets.ts';

/** The most layouts a desk keeps. */
export const LAYOUTS_KEPT = 24;

/** The longest name of a layout. */
export const NAME_LENGTH = 32;

/** One named arrangement of the screen. */
export interface Layout {
  readonly name: string;
  /** What it began as, and what a reset makes of it again. */
  readonly base: PresetName;
  /** Link groups, and what each pane remembers. */
  readonly desk: DeskState;
  /** Where the panes are; `null` while nobody has moved any: then they are placed to suit the size of the window. */
  readonly dock: SerializedDockview | null;
}

/** Every layout of the desk; what the document `layouts` holds. */
export interface LayoutsDocument {
  readonly version: 1;
  readonly active: string;
  readonly layouts: readonly Layout[];
}

/** Why a name cannot be given to a layout; `null`: it can. */
export function refuseName(name: string, taken: readonly string[]): string | null {
  const wanted = name.trim();
  if (wanted === '') return 'Give the layout a name.';
  if (wanted.length > NAME_LENGTH) return `A name has at most ${NAME_LENGTH} characters.`;
  const same = taken.find(other => other.toLowerCase() === wanted.toLowerCase());
  return same === undefined ? null : `There is a layout called ${same} already.`;
}

/** `name`, or `name 2`, `name 3`, whichever is free. */
export function freeName(name: string, taken: readonly string[]): string {
  const short =
    name
      .trim()
      .slice(0, NAME_LENGTH - 3)
      .trim() || 'Layout';
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? short : `${short} ${number}`;
    if (refuseName(wanted, taken) === null) return wanted;
  }
}
