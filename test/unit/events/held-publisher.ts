import type { NewEvent, Published } from '../../../src/main/engine/events/event.ts';
import { createRouter, type Router, type RouterDeps } from '../../../src/main/engine/events/router.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A publisher that answers when the test says so: a real one cannot be held at its limit. */
export class HeldPublisher {
  readonly calls: NewEvent[][] = [];
  readonly written: NewEvent[] = [];
  readonly #held: (() => void)[] = [];
  hold = true;
  fail: ((events: readonly NewEvent[]) => Error | undefined) | undefined;

  publish = async (event: NewEvent): Promise<Published> => (await this.publishMany([event]))[0] as Published;

  publishMany = async (events: readonly NewEvent[]): Promise<Published[]> => {
    this.calls.push([...events]);
    if (this.hold) await new Promise<void>(resolve => this.#held.push(resolve));
    const error = this.fail?.(events);
    if (error !== undefined) throw error;
    return events.map(event => {
      this.written.push(event);
      const sequence = this.written.filter(({ channel }) => channel === event.channel).length;
      return {
        eventId: event.eventId ?? '',
        sequence,
        entryId: `1-${this.written.length}`,
        duplicate: false,
      };
    });
  };

  /** Answers the calls that wait. */
  answer(): void {
    for (const go of this.#held.splice(0)) go();
  }
}

/** A router in front of it, on a clock that the test moves. */
export class RouterBench {
  readonly clock = new ManualClock();
  readonly metrics: Metrics = createMetrics();
  readonly publisher = new HeldPublisher();

  router(more: Partial<RouterDeps> = {}): Router {
    const { clock, metrics, publisher } = this;
    return createRouter({ publisher, clock, metrics, log: silentLogger, random: () => 1, ...more });
  }

  /** Lets everything that is ready happen. */
  settled(): Promise<void> {
    return this.clock.advance(0);
  }

  async dropped(): Promise<unknown> {
    return (await this.metrics.eventsDropped.get()).values.map(({ labels, value }) => ({ ...labels, value }));
  }
}

export const price = (token: string, value = '1') => ({
  type: 'price_update' as const,
  source: 'test',
  data: { token, price: value },
});

export const note = (text: string) => ({ type: 'note', source: 'test', data: { text } });

/** What tells the events of {@link price} and {@link note} apart. */
export function texts(events: readonly NewEvent[]): string[] {
  return events.map(({ data }) => {
    const { text, price: value } = data as { text?: string; price?: string };
    return text ?? value ?? '';
  });
}

/** `resolved`, or the code of the error. */
export function code(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof TenhertzError ? error.code : error),
  );
}
