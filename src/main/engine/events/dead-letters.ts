import type { Redis } from 'ioredis';
import type { EpochMs } from '../../../shared/contract.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { keys } from '../redis/keys.ts';

/** An entry that cannot be applied. */
export interface DeadLetter {
  channel: string;
  entryId: string;
  /** The original fields: name, value, name, value … */
  fields: readonly string[];
  reason: string;
  /** How often it was tried. */
  count: number;
}

/** Dead letters are kept like streams: about this many, the newest. */
const MAX_LEN = 10_000;

/**
 * Moves entries to the dead letters of their channel (R5.3), then acknowledges them for `group`: a crash in between leaves a
 * letter twice rather than never. A dead letter has the fields `reason`, `count`, `stream`, `entry_id`, `group`, `refused_at`
 * (RFC 3339) and `fields` (the original ones as a JSON list: name, value, name, value …). Rejects with
 * `DEAD_LETTER_FAILED` when Redis refused it; nothing is acknowledged then.
 */
export async function bury(
  client: Redis,
  group: string,
  letters: readonly DeadLetter[],
  now: EpochMs,
): Promise<void> {
  const refusedAt = new Date(now).toISOString();
  for (const [channel, own] of byChannel(letters)) {
    const stream = keys.stream(channel);
    const pipeline = client.pipeline();
    for (const { entryId, fields, reason, count } of own) {
      pipeline.xadd(
        keys.dead(channel),
        'MAXLEN',
        '~',
        MAX_LEN,
        '*',
        ...['reason', reason, 'count', count, 'stream', stream, 'entry_id', entryId, 'group', group],
        ...['refused_at', refusedAt, 'fields', JSON.stringify(fields)],
      );
    }
    const error = (await pipeline.exec())?.find(([problem]) => problem !== null)?.[0];
    if (error) {
      throw new TenhertzError(
        'DEAD_LETTER_FAILED',
        `Redis did not take the dead letters of "${channel}" (${messageOf(error)}). Check that ${keys.dead(channel)} is a stream.`,
        { facts: { channel }, cause: error },
      );
    }
    await client.xack(stream, group, ...own.map(letter => letter.entryId));
  }
}

/** Letters by channel, in their order. */
export function byChannel(letters: readonly DeadLetter[]): Map<string, DeadLetter[]> {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const others = groups.get(letter.channel);
    if (others === undefined) groups.set(letter.channel, [letter]);
    else others.push(letter);
  }
  return groups;
}
