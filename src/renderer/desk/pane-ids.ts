import type { PaneId } from '../state/desk-state.ts';
import { pairName } from '../state/names.ts';
import type { PaneKind } from './pane-kind.ts';
import { paneKind } from './pane-registry.ts';

/** The kind a pane's id names: `chart` of `chart-2`. `undefined` for one this version does not have. */
export function kindOf(pane: PaneId): PaneKind | undefined {
  return paneKind(pane.replace(/-\d+$/, ''));
}

/** The id for another pane of a kind, beside those there are; `null` when there is one already and may be only one. */
export function newPaneId(kind: PaneKind, there: readonly PaneId[]): PaneId | null {
  if (!kind.many) return there.includes(kind.kind) ? null : kind.kind;
  for (let number = 1; ; number += 1) {
    const id = `${kind.kind}-${number}`;
    if (!there.includes(id)) return id;
  }
}

/**
 * The name of the pane's region. The first pane of a kind has the kind's own name; the next ones are told apart by their
 * token, so that no two regions are called the same.
 */
export function regionName(kind: PaneKind, pane: PaneId, token: string | null): string {
  const number = Number(/-(\d+)$/.exec(pane)?.[1] ?? 1);
  if (number === 1) return kind.region;
  return `${token === null ? 'No token' : pairName(token)} (${number})`;
}
