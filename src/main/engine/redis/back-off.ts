/** How long to wait between attempts: doubling from `baseMs` up to `capMs`. */
export interface BackOff {
  baseMs: number;
  capMs: number;
  /** 0 up to 1; `Math.random` in the program. */
  random: () => number;
}

/**
 * The wait in ms before attempt number `attempt` (0 is the first). "Equal jitter": half of it is certain, half is random,
 * so that several desktops do not come back to one server in step, and no attempt follows another at once.
 */
export function backOffMs(attempt: number, { baseMs, capMs, random }: BackOff): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return full / 2 + (random() * full) / 2;
}
