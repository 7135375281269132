/** Items in one piece of a {@link Log}; a power of two, so that finding an item is a shift and a mask. */
const PIECE = 256;
const SHIFT = 8;

/**
 * A bounded list that is never changed in place and never copied whole: items stand in pieces of {@link PIECE}, every piece
 * full but the last, and adding copies at most the last piece. Whoever holds an older one keeps it as it was, for instance
 * a tape that is paused.
 */
export interface Log<T> {
  readonly pieces: readonly (readonly T[])[];
  readonly size: number;
  /** How many were ever added, those already forgotten included. */
  readonly total: number;
}

/** A log without items. */
export function emptyLog<T>(): Log<T> {
  return { pieces: [], size: 0, total: 0 };
}

/**
 * The log with `items` added, oldest first. Keeps at least the newest `keep`, and at most one piece more: the oldest piece
 * goes when it is not needed any more.
 */
export function appendLog<T>(log: Log<T>, items: readonly T[], keep: number): Log<T> {
  if (items.length === 0) return log;
  const pieces = [...log.pieces];
  const last = pieces.at(-1);
  let taken = 0;
  if (last !== undefined && last.length < PIECE) {
    taken = Math.min(PIECE - last.length, items.length);
    pieces[pieces.length - 1] = [...last, ...items.slice(0, taken)];
  }
  for (; taken < items.length; taken += PIECE) pieces.push(items.slice(taken, taken + PIECE));
  let size = log.size + items.length;
  while (size - PIECE >= keep) {
    pieces.shift();
    size -= PIECE;
  }
  return { pieces, size, total: log.total + items.length };
}

/** The item `back` places before the newest: 0 is the newest; `undefined` outside the log. */
export function fromNewest<T>(log: Log<T>, back: number): T | undefined {
  const index = log.size - 1 - back;
  return index < 0 || back < 0 ? undefined : log.pieces[index >> SHIFT]?.[index & (PIECE - 1)];
}

/** The items that `wanted` says yes to, newest first. */
export function filterNewest<T>(log: Log<T>, wanted: (item: T) => boolean): T[] {
  const found: T[] = [];
  for (let back = 0; back < log.size; back += 1) {
    const item = fromNewest(log, back);
    if (item !== undefined && wanted(item)) found.push(item);
  }
  return found;
}
