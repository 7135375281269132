import type { StoreApi } from 'zustand/vanilla';
import type { Token } from '../../shared/contract.ts';
import {
  LINK_GROUPS,
  paneMemory,
  rememberPane,
  type DeskState,
  type LinkGroup,
  type PaneId,
} from './desk-state.ts';

/**
 * The token a pane shows: its group's (its own while it is in none) if the watchlist has it; else, so that charts of
 * different groups differ from the start, the token of the watchlist at the group's place, or the first. `null` when the
 * watchlist is empty. Components use `useLinkedToken`.
 */
export function linkedToken(state: DeskState, pane: PaneId, tokens: readonly Token[]): Token | null {
  const { group, token } = paneMemory(state, pane);
  return group === null ? (known(token, tokens) ?? tokens[0] ?? null) : groupToken(state, group, tokens);
}

/** The token a group shows; see {@link linkedToken}. */
export function groupToken(state: DeskState, group: LinkGroup, tokens: readonly Token[]): Token | null {
  return known(state.links[group], tokens) ?? tokens[LINK_GROUPS.indexOf(group)] ?? tokens[0] ?? null;
}

/** Shows `token` in a pane and in all others of its group. Components use `useSelectToken`. */
export function selectToken(desk: StoreApi<DeskState>, pane: PaneId, token: Token): void {
  const { group } = paneMemory(desk.getState(), pane);
  if (group === null) rememberPane(desk, pane, { token });
  else desk.setState(state => ({ links: { ...state.links, [group]: token } }));
}

/** Puts a pane into a group, or into none: then it keeps the token it shows now. */
export function joinGroup(
  desk: StoreApi<DeskState>,
  pane: PaneId,
  group: LinkGroup | null,
  tokens: readonly Token[],
): void {
  const change = group === null ? { group, token: linkedToken(desk.getState(), pane, tokens) } : { group };
  rememberPane(desk, pane, change);
}

function known(token: Token | null, tokens: readonly Token[]): Token | null {
  return token !== null && tokens.includes(token) ? token : null;
}
