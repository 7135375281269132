import type { Batch } from '../../shared/contract.ts';
import type { SeenIds } from '../../shared/seen-ids.ts';

/** A batch with what was painted before taken out, and how much that was. */
export interface Admitted {
  batch: Batch;
  duplicates: number;
}

/**
 * The second and last look for duplicates (the first is the engine's): drops prices and events whose `event_id` was
 * painted before and remembers the new ones in `seen`.
 *
 * A snapshot replaces what was painted, so it begins with an empty `seen`: what it restates, and the rest of it that
 * follows as updates, is new on the screen. The positions of a snapshot are a summary and may repeat its events.
 */
export function admit(batch: Batch, seen: SeenIds): Admitted {
  const isNew = ({ eventId }: { eventId: string }): boolean => seen.add(eventId);
  const prices = batch.prices.filter(isNew);
  const events = batch.events.filter(isNew);
  const duplicates = batch.prices.length - prices.length + batch.events.length - events.length;
  return { batch: duplicates === 0 ? batch : { ...batch, prices, events }, duplicates };
}
