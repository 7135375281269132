import { TenhertzError } from '../errors.ts';
import type { Item } from './router-lanes.ts';

/** At the limit of a channel that refuses. */
export function refused({ event }: Item, limit: number): TenhertzError {
  return new TenhertzError(
    'ROUTER_REFUSED',
    `"${event.channel}" refuses events while ${limit} wait to be published. Publish more slowly, or choose another policy for it.`,
    { facts: { channel: event.channel, eventId: event.eventId, limit } },
  );
}

/** There was no room in time. */
export function busy({ event, policy }: Item): TenhertzError {
  return new TenhertzError(
    'ROUTER_BUSY',
    `An event for "${event.channel}" was not published within ${policy.timeoutMs} ms: too many wait before it. Publish more slowly.`,
    { facts: { channel: event.channel, eventId: event.eventId } },
  );
}

/** Redis was away too long, or for a channel that does not wait. */
export function away({ event, policy }: Item): TenhertzError {
  const how = policy.atLimit === 'refuse' ? 'did not answer' : `did not answer within ${policy.timeoutMs} ms`;
  return new TenhertzError(
    'REDIS_DOWN',
    `Redis ${how}, so it is not known whether event ${event.eventId} of "${event.channel}" was published. Publish it again with the same event id.`,
    { exitCode: 4, facts: { channel: event.channel, eventId: event.eventId } },
  );
}

/** Whatever was not handed over when the router was closed. */
export function routerClosed(): TenhertzError {
  return new TenhertzError('ROUTER_CLOSED', 'The program is stopping; this event was not published.');
}
