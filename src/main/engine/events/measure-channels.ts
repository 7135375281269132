import type { Redis } from 'ioredis';
import script from '../../../../resources/lua/measure-group.lua?raw';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import { keys } from '../redis/keys.ts';
import type { ChannelStates } from './channel-state.ts';
import { entryTimeOf } from './entry-id.ts';
import type { Intake } from './intake.ts';

export interface MeasureDeps {
  group: string;
  consumer: string;
  clock: Clock;
  metrics: Metrics;
  states: ChannelStates;
  intake: Intake;
}

/** Entries counted one by one for one channel: some hundred microseconds of the server's time. */
const MOST_COUNTED = 1_000;

/**
 * Measures from the data how far our group is behind in these channels (R5.9): entries after the last one given to it,
 * entries pending and the age of the oldest, entries trimmed before it was given them. One round trip. Nothing is known of a
 * channel the server refuses to measure; its numbers stay.
 */
export async function measureChannels(
  client: Redis,
  channels: readonly string[],
  { group, consumer, clock, metrics, states, intake }: MeasureDeps,
): Promise<void> {
  if (channels.length === 0) return;
  const pipeline = client.pipeline();
  for (const channel of channels) pipeline.eval(script, 1, keys.stream(channel), group, MOST_COUNTED);
  const replies = (await pipeline.exec()) ?? [];
  const now = clock.now();
  channels.forEach((channel, index) => {
    const [error, reply] = replies[index] ?? [new Error('no answer'), null];
    if (error || !Array.isArray(reply) || reply.length === 0) return;
    const [length, left, , gone, pending] = reply.slice(0, 5).map(Number);
    const oldest = entryTimeOf(String(reply[5]));
    const state = states.of(channel);
    state.behind = left ?? null;
    state.pending = pending ?? null;
    state.oldestPendingMs = oldest === undefined ? null : Math.max(0, now - oldest);
    state.othersPending = reply.slice(6).some((name, at) => at % 2 === 0 && name !== consumer);
    if (gone !== undefined && gone > 0) intake.trimmed(channel, gone);
    metrics.streamLength.set({ channel }, length ?? 0);
    metrics.streamBehind.set({ channel, group }, state.behind ?? 0);
    metrics.streamPending.set({ channel, group }, state.pending ?? 0);
  });
}
