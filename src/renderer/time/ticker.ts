import type { Cancel, Clock } from './clock.ts';
import type { EpochMs } from '../../shared/contract.ts';

/** How often ages are written anew: ten times a second, like the feed. */
export const TICK_MS = 100;

/** After a tick out of turn none in turn comes for so long: batches come ten times a second, not to the millisecond. */
const QUIET_MS = 150;

/** Writes what has aged. `now` is engine time. */
export type Aging = (now: EpochMs) => void;

/** One timer for every number that ages, so that ages go on when no batch comes. */
export interface Ticker {
  /** Engine time as last estimated. */
  now(): EpochMs;
  /** Calls `aging` at once and at every tick. Returns its own undo. */
  add(aging: Aging): Cancel;
  /** One tick out of turn, with a batch or when the page becomes visible again; those in turn soon after it are left out. */
  tick(): void;
  stop(): void;
}

/** Starts ticking. `engineNow` turns local time into engine time. */
export function createTicker(clock: Clock, engineNow: (local: EpochMs) => EpochMs): Ticker {
  const agings = new Set<Aging>();
  const now = (): EpochMs => engineNow(clock.now());
  let outOfTurn = Number.NaN;
  const write = (): void => {
    const at = now();
    for (const aging of agings) aging(at);
  };
  const stop = clock.every(TICK_MS, () => {
    // What a batch has just written is drawn in one frame with it; another frame for the ages alone costs as much again.
    const since = clock.now() - outOfTurn;
    if (!(since >= 0 && since < QUIET_MS)) write();
  });
  return {
    now,
    add(aging) {
      agings.add(aging);
      aging(now());
      return () => agings.delete(aging);
    },
    tick() {
      outOfTurn = clock.now();
      write();
    },
    stop() {
      stop();
      agings.clear();
    },
  };
}

/** Sets an element's text, touching the page only when it differs. Its text node stays: another one is laid out from nothing. */
export function writeText(element: Element | null, text: string): void {
  if (element === null || element.textContent === text) return;
  const { firstChild } = element;
  if (firstChild instanceof Text && firstChild === element.lastChild) firstChild.data = text;
  else element.textContent = text;
}

/** Sets an attribute, touching the page only when it differs. */
export function writeAttribute(element: Element | null, name: string, value: string): void {
  if (element !== null && element.getAttribute(name) !== value) element.setAttribute(name, value);
}
