/**
 * How long to wait before attempt number `attempt` (1, 2, 3 …): doubling from `baseMs`, never above `capMs`, of which a random
 * half is taken away so that many desktops do not return in step ("equal jitter").
 *
 * @param random 0 (included) to 1 (excluded).
 */
export function backoffMs(
  attempt: number,
  random: number,
  { baseMs = 500, capMs = 10_000 }: { baseMs?: number; capMs?: number } = {},
): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
