import type { FeedEvent } from '../../shared/contract.ts';
import { decimalIn, textIn } from '../../shared/event-data.ts';
import type { Told } from '../../shared/holdings.ts';

/** How many positions are kept; beyond it the one that was told of first is let go. */
export const POSITIONS_KEPT = 2_000;

/** The newest `position_update` of one token in one channel. */
export interface Position extends Told {
  /** Channel and token; unique on the screen. */
  key: string;
  sequence: number | null;
}

/**
 * Reads a position: data `{token, amount, pnl, timestamp}`, and `average_price`, `realised_pnl` of producers that say them.
 * The amount is negative for a short position. Never throws for what the data holds.
 */
export function positionOf(event: FeedEvent): Position {
  const { eventId, channel, timestamp, sequence, data } = event;
  const token = textIn(data, 'token') ?? '—';
  return {
    key: `${channel}\n${token}`,
    eventId,
    channel,
    token,
    amount: decimalIn(data, 'amount'),
    pnl: decimalIn(data, 'pnl'),
    average: decimalIn(data, 'average_price') ?? decimalIn(data, 'entry_price'),
    realised: decimalIn(data, 'realised_pnl') ?? decimalIn(data, 'realized_pnl'),
    at: timestamp,
    sequence,
  };
}

/**
 * The positions after `events`, the newest of each token in each channel. One that comes late (a healed gap, a redelivery)
 * never replaces a newer one: its own time decides, at the same time its sequence number.
 */
export function mergePositions(
  known: ReadonlyMap<string, Position>,
  events: readonly FeedEvent[],
): ReadonlyMap<string, Position> {
  if (events.length === 0) return known;
  const merged = new Map(known);
  for (const event of events) {
    const position = positionOf(event);
    const before = merged.get(position.key);
    if (before === undefined || !isOlder(position, before)) merged.set(position.key, position);
  }
  for (const key of merged.keys()) {
    if (merged.size <= POSITIONS_KEPT) break;
    merged.delete(key);
  }
  return merged;
}

/** What tells the positions of several channels apart: `user_0001` of `positions:user_0001`, else the channel's name. */
export function ownerOf(channel: string): string {
  return channel.replace(/^(positions|trades):/, '');
}

function isOlder(position: Position, before: Position): boolean {
  if (position.at !== before.at) return position.at < before.at;
  return position.sequence !== null && before.sequence !== null && position.sequence < before.sequence;
}
