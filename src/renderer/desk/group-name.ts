import type { LinkGroup } from '../state/desk-state.ts';

/** A link group in words, for menus and assistive technology. */
export function groupName(group: LinkGroup | null): string {
  return group === null ? 'No group' : `Group ${group}`;
}
