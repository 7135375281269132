import { checkData } from '../events/event-types.ts';
import { entryTimeOf } from '../events/entry-id.ts';
import type { Published, StreamEvent } from '../events/event.ts';
import type { OutgoingEvent } from '../events/router.ts';

/** An event as its stream has it, from what was published and the answer: what a desk would read. */
export function publishedEvent(
  channel: string,
  event: OutgoingEvent & { timestamp: number },
  { eventId, sequence, entryId }: Published,
): StreamEvent {
  const { type, source, timestamp } = event;
  return {
    ...{ channel, entryId, eventId, type, source, timestamp, sequence },
    entryTime: entryTimeOf(entryId) ?? timestamp,
    data: checkData(type, event.data, timestamp),
  };
}
