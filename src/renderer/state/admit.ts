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
 * A snapshot restates what is there: ids painted before are kept, because it replaces the screen, and are not counted.
 * Only an id that stands twice within one snapshot is a duplicate there.
 */
export function admit(batch: Batch, seen: SeenIds): Admitted {
  const restates = batch.kind === 'snapshot';
  const inThisBatch = new Set<string>();
  let duplicates = 0;
  const isNew = ({ eventId }: { eventId: string }): boolean => {
    const repeated = inThisBatch.has(eventId) || (!seen.add(eventId) && !restates);
    inThisBatch.add(eventId);
    if (repeated) duplicates += 1;
    return !repeated;
  };
  const prices = batch.prices.filter(isNew);
  const events = batch.events.filter(isNew);
  return { batch: duplicates === 0 ? batch : { ...batch, prices, events }, duplicates };
}
