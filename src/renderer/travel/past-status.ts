import type {
  FeedEvent,
  RedisStatus,
  SourceStatus,
  StatusView,
  UpdaterStatus,
} from '../../shared/contract.ts';
import { OWN_SOURCE, type Moment } from '../../shared/moments.ts';
import { textIn } from '../../shared/event-data.ts';

/**
 * The status a screen showed at a moment, as far as the desk noted it: the states of Redis, ledger, updater, subscription and
 * sources with what was measured. What was not noted is unknown (`null`, zero or empty), never today's.
 */
export function pastStatus(moment: Moment): StatusView {
  const reports = new Map<string, FeedEvent>();
  for (const event of moment.statuses)
    if (event.source.startsWith(OWN_SOURCE)) reports.set(textIn(event.data, 'component') ?? '', event);
  const redis = reports.get('redis');
  const ledger = reports.get('ledger');
  const updater = reports.get('updater');
  const subscription = reports.get('subscription');
  return {
    at: moment.at,
    mode: modeOf(moment),
    tokens: moment.prices.map(({ token }) => token),
    redis: {
      state: word(redis, REDIS, 'down'),
      kind: 'external',
      address: '',
      since: redis?.timestamp ?? moment.at,
      latencyMs: fact(redis, 'latencyMs'),
      message: messageIn(redis),
    },
    ledger: {
      state: word(ledger, LEDGER, 'down'),
      kind: 'external',
      address: '',
      since: ledger?.timestamp ?? moment.at,
      latencyMs: fact(ledger, 'latencyMs'),
      message: messageIn(ledger),
      outbox: fact(ledger, 'outbox') ?? 0,
      unconfirmed: fact(ledger, 'unconfirmed') ?? 0,
      confirmFailures: 0,
      lost: fact(ledger, 'lost') ?? 0,
      confirmMs: null,
    },
    poolSource: null,
    sources: [...reports].flatMap(([component, event]) =>
      component.startsWith('source:') ? [pastSource(component.slice('source:'.length), event)] : [],
    ),
    updater: {
      state: word(updater, UPDATER, 'stopped'),
      everyMs: fact(updater, 'everyMs') ?? 0,
      lastTickAt: null,
      message: messageIn(updater),
    },
    subscription: {
      state: word(subscription, SUBSCRIPTION, 'waiting'),
      group: '',
      patterns: [],
      channels: [],
      gapsSeen: [],
      lagMs: fact(subscription, 'lagMs'),
      lastAppliedAt: subscription?.timestamp ?? null,
      applied: 0,
      duplicates: fact(subscription, 'duplicates') ?? 0,
      gaps: fact(subscription, 'gaps') ?? 0,
      refused: fact(subscription, 'refused') ?? 0,
    },
    feed: { clients: 0, batchesPerSecond: 0, eventsPerSecond: 0, queued: 0 },
  };
}

function pastSource(name: string, event: FeedEvent): SourceStatus {
  return {
    name,
    state: word(event, SOURCE, 'down'),
    message: messageIn(event),
    since: event.timestamp,
    lastHeardAt: null,
    nextAttemptAt: null,
    attempt: 0,
    vouching: fact(event, 'vouching') ?? 0,
    asked: fact(event, 'asked') ?? 0,
    refusedProducts: [],
    accepted: 0,
    refused: 0,
  };
}

const SOURCE: readonly SourceStatus['state'][] = [
  ...(['connecting', 'live', 'silent', 'rate-limited'] as const),
  ...(['refused', 'down', 'ended', 'off'] as const),
];
const REDIS: readonly RedisStatus['state'][] = ['up', 'connecting', 'down'];
const LEDGER: readonly StatusView['ledger']['state'][] = ['up', 'connecting', 'down', 'off'];
const UPDATER: readonly UpdaterStatus['state'][] = ['running', 'waiting', 'stopped'];
const SUBSCRIPTION: readonly StatusView['subscription']['state'][] = ['starting', 'following', 'waiting'];

/** The market of the prices shown: simulated if any is, else recorded if any is, else live. */
function modeOf({ prices }: Moment): StatusView['mode'] {
  if (prices.some(({ source }) => source === 'simulated')) return 'simulated';
  return prices.some(({ source }) => source.startsWith('recorded:')) ? 'recorded' : 'live';
}

function word<W extends string>(event: FeedEvent | undefined, words: readonly W[], otherwise: W): W {
  const said = event === undefined ? null : textIn(event.data, 'status');
  return words.find(known => known === said) ?? otherwise;
}

function messageIn(event: FeedEvent | undefined): string | null {
  if (event === undefined) return 'Nothing was noted about it at this time.';
  const message = textIn(event.data, 'message');
  return message === null || message === '' ? null : message;
}

function fact(event: FeedEvent | undefined, name: string): number | null {
  const data = event?.data;
  if (typeof data !== 'object' || data === null || !('facts' in data)) return null;
  const { facts } = data;
  if (typeof facts !== 'object' || facts === null) return null;
  const value = (facts as Record<string, unknown>)[name];
  return typeof value === 'number' ? value : null;
}
