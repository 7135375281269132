import { createContext, useContext, type ReactElement, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** The place in the pane's title bar where its tools are drawn; `null` until the title bar is there. */
export const PaneToolsPlace = createContext<HTMLElement | null>(null);

/** Draws its children at the right end of the pane's title bar: a note, a filter, a button. */
export function PaneTools({ children }: { children: ReactNode }): ReactElement | null {
  const place = useContext(PaneToolsPlace);
  return place === null ? null : createPortal(children, place);
}
