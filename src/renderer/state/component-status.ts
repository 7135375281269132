import type { EpochMs, FeedEvent } from '../../shared/contract.ts';
import { OWN_SOURCE } from '../../shared/moments.ts';
import type { Tone } from './names.ts';
import { textIn } from '../../shared/event-data.ts';

/** How many components are kept; beyond it the one that spoke first is let go. */
export const COMPONENTS_KEPT = 100;

/** The newest `system_status` of one component. */
export interface ComponentStatus {
  eventId: string;
  channel: string;
  component: string;
  status: string;
  message: string | null;
  at: EpochMs;
}

/** The components after `events`: data `{component, status, message, timestamp}`, the newest of each by its own time. */
export function mergeComponents(
  known: ReadonlyMap<string, ComponentStatus>,
  events: readonly FeedEvent[],
): ReadonlyMap<string, ComponentStatus> {
  if (events.length === 0) return known;
  const merged = new Map(known);
  for (const { eventId, channel, source, timestamp, data } of events) {
    // What a desk notes of itself is for time travel; its own screen knows it first hand.
    if (source.startsWith(OWN_SOURCE)) continue;
    const component = textIn(data, 'component') ?? source;
    if ((merged.get(component)?.at ?? -Infinity) > timestamp) continue;
    const status = textIn(data, 'status') ?? 'no status';
    merged.set(component, {
      eventId,
      channel,
      component,
      status,
      message: textIn(data, 'message'),
      at: timestamp,
    });
  }
  for (const key of merged.keys()) {
    if (merged.size <= COMPONENTS_KEPT) break;
    merged.delete(key);
  }
  return merged;
}

const TONES: readonly [words: RegExp, tone: Tone][] = [
  [/^(ok|up|healthy|running|online|ready|connected|operational|normal|active)$/i, 'good'],
  [/^(starting|connecting|recovering|syncing|pending)$/i, 'busy'],
  [/^(warn|warning|degraded|slow|delayed|congested|paused)$/i, 'warn'],
  [/^(down|error|failed|failing|critical|offline|stopped|unhealthy|disconnected)$/i, 'bad'],
];

/** The tone of a component's own word; `off` for a word nobody agreed on. */
export function toneOfStatus(status: string): Tone {
  return TONES.find(([words]) => words.test(status))?.[1] ?? 'off';
}
