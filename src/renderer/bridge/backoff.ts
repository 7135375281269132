/** First and longest wait between two attempts to reach the engine, in ms. */
export const FIRST_WAIT_MS = 250;
export const LONGEST_WAIT_MS = 5_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first retry): doubles up to {@link LONGEST_WAIT_MS}, of
 * which a random half is taken off so that many screens do not come back at the same moment. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (1 - random() / 2));
}
