import type { FeedEvent } from '../../../shared/contract.ts';
import { jsonSize } from './json-size.ts';

/** An event and its bytes as JSON, which are counted once. */
interface Sized {
  event: FeedEvent;
  bytes: number;
}

/**
 * The newest events, each with an index that counts from the first one ever pushed. A window's place is an index; when
 * it is before {@link EventRing.start}, the window has missed something.
 */
export class EventRing {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #events: (Sized | undefined)[] = [];
  /** Places at the front of `#events` that are empty already; removed in one go when they are many. */
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

  /** Bytes of the events here as JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the event's bytes as JSON. */
  push(event: FeedEvent): number {
    const bytes = jsonSize(event);
    this.#events.push({ event, bytes });
    this.#head += 1;
    this.#bytes += bytes;
    while (
      this.#head - this.start > this.#maxEvents ||
      (this.#bytes > this.#maxBytes && this.#head - this.start > 1)
    ) {
      this.#bytes -= this.#events[this.#dropped]?.bytes ?? 0;
      this.#events[this.#dropped] = undefined;
      this.#dropped += 1;
    }
    if (this.#dropped > 1_024 && this.#dropped * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#dropped);
      this.#dropped = 0;
    }
    return bytes;
  }

  /** The event with this index and its bytes as JSON; `undefined` when it is gone or not there yet. */
  at(index: number): Readonly<Sized> | undefined {
    return index < this.start ? undefined : this.#events[this.#dropped + index - this.start];
  }
}
