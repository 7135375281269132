import { TenhertzError } from '../errors.ts';
import { readPattern, type ChannelPattern } from './channel-pattern.ts';

/** A channel is known by name, or was found on the server by a wildcard. */
export interface FoundChannel {
  /** Its stream came into being while its wildcard was being watched: all of it is news. */
  born: boolean;
}

const MOST_PATTERNS = 200;
/** Streams one blocking read serves; more would make every read slow. */
const MOST_CHANNELS = 2_000;

/** What a desk follows: the patterns it was told, and the channels they stand for now. */
export class FollowedChannels {
  /** Rises with every change of {@link channels}. */
  version = 0;
  readonly #patterns = new Map<string, ChannelPattern>();
  readonly #found = new Map<string, FoundChannel>();

  /** Throws `BAD_PATTERN`, as {@link follow} does. */
  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) this.follow(pattern);
  }

  get patterns(): string[] {
    return [...this.#patterns.keys()];
  }

  get wildcards(): ChannelPattern[] {
    return [...this.#patterns.values()].filter(({ wildcard }) => wildcard);
  }

  /** True when it is new. Throws `BAD_PATTERN`, or `TOO_MANY_PATTERNS` above 200. */
  follow(text: string): boolean {
    const pattern = readPattern(text);
    if (this.#patterns.has(text)) return false;
    if (this.#patterns.size >= MOST_PATTERNS) {
      throw new TenhertzError(
        'TOO_MANY_PATTERNS',
        `${MOST_PATTERNS} channels and patterns are followed already. Let one go first, or use a wildcard.`,
        { exitCode: 2, facts: { limit: MOST_PATTERNS } },
      );
    }
    this.#patterns.set(text, pattern);
    this.version += 1;
    return true;
  }

  /** True when it was followed. Channels that another pattern stands for stay. Throws `BAD_PATTERN`. */
  unfollow(text: string): boolean {
    readPattern(text);
    if (!this.#patterns.delete(text)) return false;
    for (const channel of [...this.#found.keys()]) {
      if (!this.wildcards.some(({ matches }) => matches(channel))) this.#found.delete(channel);
    }
    this.version += 1;
    return true;
  }

  /** A stream was found on the server. False when no wildcard asks for it, it is known, or there are too many. */
  offer(channel: string, found: FoundChannel): boolean {
    if (this.#found.has(channel) || this.#patterns.has(channel)) return false;
    if (this.#found.size >= MOST_CHANNELS || !this.wildcards.some(({ matches }) => matches(channel)))
      return false;
    this.#found.set(channel, found);
    this.version += 1;
    return true;
  }

  /** The stream of a channel that a wildcard found is gone. A channel followed by its name stays. */
  letGo(channel: string): void {
    if (this.#found.delete(channel)) this.version += 1;
  }

  /** Followed by its own name, so its stream is made when it is not there. */
  isNamed(channel: string): boolean {
    return this.#patterns.has(channel);
  }

  isBorn(channel: string): boolean {
    return !this.isNamed(channel) && this.#found.get(channel)?.born === true;
  }

  /** Every channel once, however many patterns stand for it. */
  channels(): string[] {
    const names = [...this.#patterns.values()].filter(({ wildcard }) => !wildcard).map(({ text }) => text);
    return [...new Set([...names, ...this.#found.keys()])];
  }

  /** The patterns that brought a channel. */
  via(channel: string): string[] {
    return [...this.#patterns.values()].filter(({ matches }) => matches(channel)).map(({ text }) => text);
  }
}
