import type { SerializedDockview } from 'dockview-react';
import {
  EMPTY_DESK,
  LINK_GROUPS,
  type DeskState,
  type LinkGroup,
  type PaneMemory,
} from '../state/desk-state.ts';
import { LAYOUTS_KEPT, refuseName, type Layout, type LayoutsDocument } from './layout.ts';
import { PRESETS, presetDesk, type PresetName } from './presets.ts';

const UNREADABLE = 'The places of its panes cannot be read.';

/** The desk before anybody changed it. */
export function firstLayouts(): LayoutsDocument {
  const layouts = PRESETS.map(name => ({ name, base: name, desk: presetDesk(name), dock: null }));
  return { version: 1, active: PRESETS[0], layouts };
}

/** The document as it was kept. What cannot be read is left out or begins anew, and `problem` says so. */
export function readLayouts(value: unknown): { document: LayoutsDocument; problem: string | null } {
  if (value === null || value === undefined) return { document: firstLayouts(), problem: null };
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['layouts']))
    return {
      document: firstLayouts(),
      problem: 'The layouts kept are of no known form; the desk begins anew.',
    };
  const layouts: Layout[] = [];
  const lost: string[] = [];
  for (const one of (value['layouts'] as unknown[]).slice(0, LAYOUTS_KEPT)) {
    const read = readLayout(one);
    const names = layouts.map(layout => layout.name);
    if (typeof read === 'string' || refuseName(read.name, names) !== null) lost.push(nameOf(one));
    else layouts.push(read);
  }
  if (layouts.length === 0) layouts.push(...firstLayouts().layouts);
  const active = layouts.find(layout => layout.name === value['active']) ?? layouts[0];
  return {
    document: { version: 1, active: active?.name ?? PRESETS[0], layouts },
    problem: lost.length === 0 ? null : `Layouts that cannot be read were left out: ${lost.join(', ')}.`,
  };
}

/** One layout, kept or imported; a text says what is wrong with it. */
export function readLayout(value: unknown): Layout | string {
  if (!isRecord(value)) return 'This is not a layout.';
  const { name, base, dock } = value;
  if (typeof name !== 'string') return 'The layout has no name.';
  const refused = refuseName(name, []);
  if (refused !== null) return refused;
  const preset = PRESETS.find(one => one === base) ?? PRESETS[0];
  const desk = readDesk(value['desk'], preset);
  if (desk === null) return 'What its panes remember cannot be read.';
  const problem = dock === null || dock === undefined ? null : refuseDock(dock);
  if (problem !== null) return problem;
  return { name: name.trim(), base: preset, desk, dock: (dock ?? null) as SerializedDockview | null };
}

function readDesk(value: unknown, base: PresetName): DeskState | null {
  if (value === undefined) return presetDesk(base);
  if (!isRecord(value) || !isRecord(value['panes']) || !isRecord(value['links'])) return null;
  const links = { ...EMPTY_DESK.links };
  for (const group of LINK_GROUPS) {
    const token = value['links'][group];
    if (typeof token === 'string') links[group] = token;
  }
  const panes: Record<string, PaneMemory> = {};
  for (const [id, memory] of Object.entries(value['panes'])) {
    if (!isRecord(memory)) return null;
    const { group, token, settings } = memory;
    panes[id] = {
      group: isGroup(group) ? group : group === null ? null : 'A',
      token: typeof token === 'string' ? token : null,
      settings: isRecord(settings) ? settings : {},
    };
  }
  return { panes, links };
}

/** What is wrong with the places of the panes; whether dockview takes them is seen when they are put on the screen. */
export function refuseDock(value: unknown): string | null {
  if (!isRecord(value)) return UNREADABLE;
  const { grid, panels } = value;
  if (!isRecord(grid) || !isRecord(panels)) return UNREADABLE;
  const { width, height, orientation, root } = grid;
  if (typeof width !== 'number' || typeof height !== 'number') return 'It says no size.';
  if (
    (orientation !== 'HORIZONTAL' && orientation !== 'VERTICAL') ||
    !isRecord(root) ||
    root['type'] !== 'branch'
  )
    return UNREADABLE;
  const seen = new Set<string>();
  const problem = refusePlace(root, panels, seen, 0);
  if (problem !== null) return problem;
  for (const [id, panel] of Object.entries(panels)) {
    if (!isRecord(panel) || panel['id'] !== id) return `The pane "${id.slice(0, 40)}" cannot be read.`;
  }
  return null;
}

function refusePlace(
  place: unknown,
  panels: Record<string, unknown>,
  seen: Set<string>,
  depth: number,
): string | null {
  if (!isRecord(place) || depth > 16) return UNREADABLE;
  const { type, data, size } = place;
  if (size !== undefined && typeof size !== 'number') return UNREADABLE;
  if (type === 'branch' && Array.isArray(data)) {
    for (const child of data as unknown[]) {
      const problem = refusePlace(child, panels, seen, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (type !== 'leaf' || !isRecord(data) || typeof data['id'] !== 'string' || !Array.isArray(data['views']))
    return UNREADABLE;
  for (const view of data['views'] as unknown[]) {
    if (typeof view !== 'string' || !Object.hasOwn(panels, view))
      return 'A place names a pane that is not there.';
    if (seen.has(view)) return `The pane "${view.slice(0, 40)}" is there twice.`;
    seen.add(view);
  }
  return null;
}

function nameOf(value: unknown): string {
  return isRecord(value) && typeof value['name'] === 'string'
    ? value['name'].slice(0, 40)
    : 'one without a name';
}

function isGroup(value: unknown): value is LinkGroup {
  return LINK_GROUPS.some(group => group === value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
