import { useCallback } from 'react';
import { useStore } from 'zustand/react';
import type { Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { paneMemory, type LinkGroup, type PaneId } from '../state/desk-state.ts';
import { linkedToken, selectToken } from '../state/link-groups.ts';

/** The token this pane shows; it changes when any pane of its group selects another one. `null`: no token to show. */
export function useLinkedToken(pane: PaneId): Token | null {
  const { desk, screen } = useServices();
  const tokens = useStore(screen, state => state.tokens);
  return useStore(desk, state => linkedToken(state, pane, tokens));
}

/** Selects a token for this pane and every other one of its group. */
export function useSelectToken(pane: PaneId): (token: Token) => void {
  const { desk } = useServices();
  return useCallback((token: Token) => selectToken(desk, pane, token), [desk, pane]);
}

/** The group this pane belongs to; `null`: none. */
export function useLinkGroup(pane: PaneId): LinkGroup | null {
  const { desk } = useServices();
  return useStore(desk, state => paneMemory(state, pane).group);
}
