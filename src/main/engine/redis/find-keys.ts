import type { Clock } from '../clock.ts';
import type { RedisPool } from './pool.ts';

/** How long and how far a look-up over all keys may go. */
export interface ScanBudget {
  /** Milliseconds; 1,000 by default. */
  ms?: number;
  /** Keys found; 1,000 by default. */
  keys?: number;
  /** Keys looked at per command; 1,000 by default: about half a millisecond of the server's time. */
  step?: number;
}

/**
 * The stream keys that match `pattern`, each once, with SCAN in small steps and never KEYS. `complete` is false when the
 * budget ended first. On a Cluster it sees the keys of one node.
 */
export async function findStreamKeys(
  pool: RedisPool,
  clock: Clock,
  pattern: string,
  budget: ScanBudget = {},
): Promise<{ keys: string[]; complete: boolean }> {
  const most = budget.keys ?? 1_000;
  const end = clock.monotonic() + (budget.ms ?? 1_000);
  const found = new Set<string>();
  for (let cursor = '0'; ;) {
    const [next, keys] = await pool
      .shared()
      .scan(cursor, 'MATCH', pattern, 'COUNT', budget.step ?? 1_000, 'TYPE', 'stream');
    for (const key of keys) {
      if (found.size >= most && !found.has(key)) return { keys: [...found], complete: false };
      found.add(key);
    }
    if (next === '0') return { keys: [...found], complete: true };
    if (clock.monotonic() >= end) return { keys: [...found], complete: false };
    cursor = next;
  }
}
