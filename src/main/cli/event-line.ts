import { z } from 'zod';
import { TenhertzError } from '../engine/errors.ts';
import { timestampOf } from '../engine/events/decode.ts';
import type { OutgoingEvent } from '../engine/events/router.ts';

/** What a line may leave out. */
export interface LineDefaults {
  channel?: string | undefined;
  type?: string | undefined;
  source: string;
}

const text = z.string('must be a text');
/**
 * `event_type`, `sequence_number` and `id` are what `tenhertz replay` writes, and the last four what `tenhertz export` adds: their
 * lines can be published again as they are. The number, the entry id and the times of recording are given anew.
 */
const Line = z.strictObject({
  channel: text.optional(),
  type: text.optional(),
  event_type: text.optional(),
  data: z.unknown().optional(),
  event_id: text.optional(),
  source: text.optional(),
  timestamp: z.union([z.string(), z.number()], 'must be RFC 3339 or epoch milliseconds').optional(),
  sequence_number: z.unknown().optional(),
  id: z.unknown().optional(),
  epoch: z.unknown().optional(),
  received_at: z.unknown().optional(),
  confirmed_at: z.unknown().optional(),
  published_at: z.unknown().optional(),
});

/**
 * Reads one line of `tenhertz publish --stdin`: `{channel?, type?, data, event_id?, source?, timestamp?}`.
 *
 * @throws TenhertzError `BAD_LINE` whose message says what is wrong with it.
 */
export function readEventLine(
  line: string,
  defaults: LineDefaults,
): { channel: string; event: OutgoingEvent } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw bad('it is not JSON');
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) throw bad(problemOf(parsed.error));
  const { data, event_id: eventId, timestamp } = parsed.data;
  const channel = parsed.data.channel ?? defaults.channel;
  const type = parsed.data.type ?? parsed.data.event_type ?? defaults.type;
  if (channel === undefined) throw bad('channel is missing; give it in the line or with --channel');
  if (type === undefined) throw bad('type is missing; give it in the line or with --type');
  if (data === undefined) throw bad('data is missing');
  const at = timestampOf(timestamp);
  if (Number.isNaN(at)) throw bad('timestamp must be RFC 3339 or epoch milliseconds');
  return {
    channel,
    event: {
      type,
      source: parsed.data.source ?? defaults.source,
      data,
      ...(eventId === undefined ? {} : { eventId }),
      ...(at === undefined ? {} : { timestamp: at }),
    },
  };
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') return `there is no member "${issue.keys[0] ?? ''}" in an event`;
  if (issue === undefined || issue.path.length === 0) return 'it is not a JSON object';
  return `${issue.path.join('.')} ${issue.message}`;
}

function bad(problem: string): TenhertzError {
  return new TenhertzError('BAD_LINE', `${problem}.`, { exitCode: 2 });
}
