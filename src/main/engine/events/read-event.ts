import { decodeEntry, type Refusal } from './decode.ts';
import type { StreamEvent } from './event.ts';
import { priceOf } from './price-event.ts';

/** A decoded entry whose price, if it is one, can be read; else the reason why not. Never throws. */
export function readEvent(channel: string, id: string, fields: readonly string[]): StreamEvent | Refusal {
  const event = decodeEntry(channel, id, fields);
  if ('reason' in event || event.type !== 'price_update') return event;
  const price = priceOf(event);
  return 'reason' in price ? price : event;
}
