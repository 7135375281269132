import type { StatusView } from '../../../src/shared/contract.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { notYet } from '../../../src/main/engine/health/not-yet.ts';

const AT = Date.UTC(2026, 10, 21, 12);
let entries = 0;

/** An event as the subscription hands it over; each made later than the last, unless `change` says otherwise. */
export function streamEvent(change: Partial<StreamEvent> = {}): StreamEvent {
  entries += 1;
  return {
    channel: 'trade-events',
    entryId: `${AT}-${entries}`,
    entryTime: AT,
    eventId: `e-${entries}`,
    type: 'trade_executed',
    source: 'test',
    timestamp: AT,
    sequence: entries,
    data: { id: entries },
    ...change,
  };
}

/** A price as our updater publishes it. */
export function priceEvent(token: string, price: string, change: Partial<StreamEvent> = {}): StreamEvent {
  const timestamp = change.timestamp ?? AT;
  return streamEvent({
    channel: 'price-updates',
    type: 'price_update',
    source: 'kraken',
    data: { token, price, timestamp },
    ...change,
  });
}

/** A status with nothing in it. */
export function emptyStatus(at = AT): StatusView {
  return {
    at,
    mode: 'live',
    tokens: [],
    redis: { state: 'up', kind: 'embedded', address: '', since: 0, latencyMs: null, message: null },
    ledger: {
      state: 'up',
      kind: 'embedded',
      address: '',
      since: 0,
      latencyMs: null,
      message: null,
      outbox: 0,
      unconfirmed: 0,
      confirmFailures: 0,
      lost: 0,
      confirmMs: null,
    },
    sources: [],
    poolSource: null,
    updater: { state: 'running', everyMs: 500, lastTickAt: null, message: null },
    subscription: { ...notYet.subscription(), state: 'following', group: 'desk:test' },
    feed: { clients: 0, batchesPerSecond: 0, eventsPerSecond: 0, queued: 0 },
  };
}
