import type {
  DeadLetterView,
  EntryView,
  EpochMs,
  GroupView,
  StreamInfo,
  StreamsView,
} from '../../../src/shared/contract.ts';
import { tradeEvent } from './trading.ts';

const LENGTHS: Readonly<Record<string, number>> = {
  'price-updates': 10_112,
  'trade-events': 4_190,
  'trades:user_0001': 4_190,
  'trades:user_0002': 612,
  'positions:user_0001': 388,
  'positions:user_0002': 91,
  'system:events': 57,
  'settings:user_0001': 12,
};

/** Entries, groups and dead letters of an invented server. */
export class FakeStreams {
  readonly patterns = [
    'price-updates',
    'trade-events',
    'position-updates',
    'ui-events',
    'system:events',
    'trades:*',
    'positions:*',
    'prices:*',
  ];
  #dead: DeadLetterView[];
  readonly #startedAt: EpochMs;

  constructor(startedAt: EpochMs) {
    this.#startedAt = startedAt;
    this.#dead = [
      deadLetter(startedAt - 61_000, 2, 'sequence_number is not a whole number'),
      deadLetter(startedAt - 840_000, 1, 'data is not JSON'),
    ];
  }

  /** Answers the commands of channels, streams and dead letters; throws what the engine would refuse with. */
  answer(command: string, args: Record<string, unknown>): unknown {
    const pattern = String(args['pattern']);
    switch (command) {
      case 'channels.follow':
        if (/[\s{}]/.test(pattern))
          throw new Error(`"${pattern}" is no channel: a name has no spaces or braces.`);
        if (!this.patterns.includes(pattern)) this.patterns.push(pattern);
        return null;
      case 'channels.unfollow':
        if (!this.patterns.includes(pattern))
          throw new Error(`"${pattern}" is followed through a pattern; let go the pattern instead.`);
        this.patterns.splice(this.patterns.indexOf(pattern), 1);
        return null;
      case 'streams.list':
        return this.#list();
      case 'streams.entries':
        return this.#entries(String(args['channel']), args['before'] as string | null, Number(args['limit']));
      case 'dead.list':
        return args['channel'] === 'trades:user_0001' ? this.#dead : [];
      default:
        return this.#remove(args['ids'] as string[]);
    }
  }

  #remove(ids: string[]): { count: number } {
    const before = this.#dead.length;
    this.#dead = this.#dead.filter(letter => !ids.includes(letter.id));
    return { count: before - this.#dead.length };
  }

  #list(): StreamsView {
    const now = Date.now();
    const streams = Object.entries(LENGTHS).map(([channel, length], index): StreamInfo => ({
      channel,
      length,
      firstEntryAt: this.#startedAt - 7_200_000,
      lastEntryAt: channel === 'price-updates' ? now - 90 : now - 700 * (index + 1) ** 2,
      sequence: channel === 'settings:user_0001' ? null : length + 20,
      dead: channel === 'trades:user_0001' ? this.#dead.length : 0,
      followed: this.patterns.some(
        pattern => pattern === channel || (pattern.endsWith('*') && channel.startsWith(pattern.slice(0, -1))),
      ),
      groups: groupsOf(channel, now),
    }));
    return { at: now, streams, complete: true };
  }

  #entries(channel: string, before: string | null, limit: number): EntryView[] {
    const newest = before === null ? (LENGTHS[channel] ?? 0) + 20 : Number(before.split('-')[1]) - 1;
    const oldest = Math.max(1, newest - limit + 1);
    return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) =>
      this.#entry(channel, newest - index),
    );
  }

  #entry(channel: string, number: number): EntryView {
    const at = this.#startedAt - 1_000 - ((LENGTHS[channel] ?? 0) + 20 - number) * 830;
    const type = channel.startsWith('settings')
      ? 'theme_changed'
      : number % 11 === 3
        ? 'order_cancelled'
        : 'trade_executed';
    const data =
      type === 'theme_changed' ? { user: 'user_0001', theme: 'dark' } : tradeEvent(number, at).data;
    return {
      entryId: `${at}-${number}`,
      at,
      fields: [
        ['event_id', `entry-${channel}-${number}`],
        ['event_type', type],
        ['source', 'bot'],
        ['timestamp', new Date(at).toISOString()],
        ['sequence_number', String(number)],
        ['data', JSON.stringify(data)],
      ],
    };
  }
}

function groupsOf(channel: string, now: EpochMs): GroupView[] {
  const own: GroupView = {
    name: 'desk:4f1c9a20',
    consumers: 1,
    pending: 0,
    oldestPendingMs: null,
    behind: 0,
    lastDeliveredAt: now - 120,
    own: true,
  };
  if (channel === 'settings:user_0001') return [];
  if (!channel.startsWith('trade')) return [own];
  const bot: GroupView = {
    name: 'settlement',
    consumers: 3,
    pending: 17,
    oldestPendingMs: 48_200,
    behind: 204,
    lastDeliveredAt: now - 48_000,
    own: false,
  };
  return [own, bot];
}

function deadLetter(at: EpochMs, number: number, reason: string): DeadLetterView {
  return {
    id: `${at}-${number}`,
    at,
    reason,
    count: number,
    entryId: `${at - 40}-0`,
    fields: [
      ['event_type', 'trade_executed'],
      ['sequence_number', number === 2 ? 'four' : '4100'],
      ['data', '{"token_pair":"SOL/USDC","amount":'],
    ],
  };
}
