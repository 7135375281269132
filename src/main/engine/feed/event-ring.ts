import type { FeedEvent } from '../../../shared/contract.ts';
import { jsonSize } from './json-size.ts';

/**
 * The newest events, each with an index that counts from the first one ever pushed. A window's place is an index; when
 * it is before {@link EventRing.start}, the window has missed something.
 */
export class EventRing {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #events: FeedEvent[] = [];
  /** Events at the front of `#events` that are dropped already; removed in one go when they are many. */
  #dropped = 0;
  #head = 0;
  #bytes = 0;

  /** @param maxBytes of the events as JSON; large events push out more old ones */
  constructor(maxEvents: number, maxBytes: number) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  /** Index the next event will get; also how many there were. */
  get head(): number {
    return this.#head;
  }

  /** Index of the oldest event still here. */
  get start(): number {
    return this.#head - (this.#events.length - this.#dropped);
  }

  push(event: FeedEvent): void {
    this.#events.push(event);
    this.#head += 1;
    this.#bytes += jsonSize(event);
    while (
      this.#head - this.start > this.#maxEvents ||
      (this.#bytes > this.#maxBytes && this.#head - this.start > 1)
    ) {
      const oldest = this.#events[this.#dropped];
      if (oldest !== undefined) this.#bytes -= jsonSize(oldest);
      this.#dropped += 1;
    }
    if (this.#dropped > 1_024 && this.#dropped * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#dropped);
      this.#dropped = 0;
    }
  }

  /** The event with this index; `undefined` when it is gone or not there yet. */
  at(index: number): FeedEvent | undefined {
    return index < this.start ? undefined : this.#events[this.#dropped + index - this.start];
  }
}
