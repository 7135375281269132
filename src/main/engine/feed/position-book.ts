import type { FeedEvent } from '../../../shared/contract.ts';
import { compareEntryIds } from '../events/entry-id.ts';
import { member } from '../events/decode.ts';

interface Position {
  event: FeedEvent;
  entryId: string;
  bytes: number;
}

/** Positions kept at most, and bytes of them as JSON. */
const MAX_POSITIONS = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The newest position of each token in each channel, closed ones (amount zero) included, because only the event says so. Of
 * more than 2,000 positions, or 4 MiB of them, those that changed longest ago go first.
 */
export class PositionBook {
  /** In the order they changed, oldest first. */
  readonly #positions = new Map<string, Position>();
  #bytes = 0;

  /**
   * Takes a `position_update`, which is `bytes` long as JSON. One without a token, or older in its stream than the one that is here, changes nothing.
   */
  add(event: FeedEvent, entryId: string, bytes: number): void {
    const token = member(event.data, 'token');
    if (typeof token !== 'string' || token === '') return;
    const key = `${event.channel} ${token}`;
    const before = this.#positions.get(key);
    if (before !== undefined && compareEntryIds(entryId, before.entryId) < 0) return;
    this.#remove(key);
    this.#positions.set(key, { event, entryId, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#positions.keys()) {
      if (this.#positions.size <= MAX_POSITIONS && this.#bytes <= MAX_BYTES) return;
      this.#remove(oldest);
    }
  }

  /** The newest positions whose JSON, with a comma each, fits into `maxBytes`; oldest change first. */
  newest(maxBytes: number): { events: FeedEvent[]; bytes: number } {
    const events: FeedEvent[] = [];
    let bytes = 0;
    for (const position of [...this.#positions.values()].reverse()) {
      if (bytes + position.bytes + 1 > maxBytes) break;
      bytes += position.bytes + 1;
      events.push(position.event);
    }
    return { events: events.reverse(), bytes };
  }

  #remove(key: string): void {
    this.#bytes -= this.#positions.get(key)?.bytes ?? 0;
    this.#positions.delete(key);
  }
}
