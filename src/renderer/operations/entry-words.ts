/** The event types of R4.4; every other one passes through and is shown as unknown. */
const KNOWN: ReadonlySet<string> = new Set([
  'price_update',
  'trade_executed',
  'position_update',
  'system_status',
]);

type Fields = readonly (readonly [name: string, value: string])[];

/** What a stored entry says about itself, whatever dialect its producer writes. */
export interface EntryWords {
  /** `event_id`, or the stream key and entry id (R5.5): the same identity the engine goes by. */
  eventId: string;
  /** `null`: the entry does not say. */
  type: string | null;
  /** False for a type that no pane of the screen draws. */
  known: boolean;
  source: string | null;
  sequence: string | null;
  /** The `data` field set out on several lines, or as it is when it is not JSON; `null` for flat fields. */
  data: string | null;
  /** All of it on one line, for the list. */
  preview: string;
}

/** Reads the raw fields of an entry of `channel`. Never throws. */
export function entryWords(channel: string, entryId: string, fields: Fields): EntryWords {
  const field = (name: string): string | null => fields.findLast(([given]) => given === name)?.[1] ?? null;
  const raw = field('data');
  const data = raw === null ? undefined : parsed(raw);
  const type = field('event_type') ?? field('type') ?? tagOf(data);
  return {
    eventId: field('event_id') ?? `stream:${channel}/${entryId}`,
    type,
    known: type === null || KNOWN.has(snakeCase(type)),
    source: field('source'),
    sequence: field('sequence_number'),
    data: data === undefined ? raw : JSON.stringify(data, null, 2),
    preview: raw ?? fields.map(([name, value]) => `${name}=${value}`).join('  '),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function tagOf(data: unknown): string | null {
  const tag = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
  return typeof tag === 'string' && /^[A-Z]/.test(tag) ? tag : null;
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
