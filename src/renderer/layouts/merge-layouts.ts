import { LAYOUTS_KEPT, type Layout } from './layout.ts';

/** What two windows made of the layouts, as one. */
export interface MergedLayouts {
  readonly layouts: readonly Layout[];
  /** Names of layouts that both have changed: this window's stand. */
  readonly clashes: readonly string[];
}

/**
 * Joins the layouts of this window with those another window has written meanwhile. What only one of them changed, made or deleted
 * stays so; what both changed is as it is in this window. A layout that one deleted and the other changed stays, and so does the
 * one this window shows.
 *
 * @param base the layouts as both windows knew them last
 */
export function mergeLayouts(versions: {
  base: readonly Layout[];
  mine: readonly Layout[];
  theirs: readonly Layout[];
  /** The name of the layout this window shows. */
  active: string;
}): MergedLayouts {
  const { base, mine, theirs, active } = versions;
  const [before, there] = [byName(base), byName(theirs)];
  const clashes: string[] = [];
  const layouts = mine.flatMap((own): Layout[] => {
    const [old, other] = [before.get(own.name), there.get(own.name)];
    const untouched = same(own, old);
    if (other === undefined) return untouched && own.name !== active ? [] : [own];
    if (untouched) return [other];
    if (!same(other, old) && !same(other, own)) clashes.push(own.name);
    return [own];
  });
  const here = byName(mine);
  const more = theirs.filter(({ name }) => !here.has(name) && !same(there.get(name), before.get(name)));
  return { layouts: [...layouts, ...more].slice(0, LAYOUTS_KEPT), clashes };
}

function byName(layouts: readonly Layout[]): Map<string, Layout> {
  return new Map(layouts.map(layout => [layout.name, layout]));
}

function same(a: Layout | undefined, b: Layout | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && written(a) === written(b));
}

/** The same text for the same content, in whatever order it was put together. */
function written(layout: Layout): string {
  return JSON.stringify(layout, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
