import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import { backOffMs } from '../redis/back-off.ts';
import type { ChannelStates } from './channel-state.ts';
import { bury, byChannel, type DeadLetter } from './dead-letters.ts';
import type { Guarded } from './open-channel.ts';

/** Letters waiting for a key that does not take them. Beyond it they stay pending on the server until the next start. */
const MOST_WAITING = 10_000;
/** Between attempts at such a key. */
const BACK_OFF = { baseMs: 1_000, capMs: 30_000 };
const TOGETHER = 500;

interface Refused {
  letters: DeadLetter[];
  attempt: number;
  nextAt: number;
}

/**
 * Puts dead letters away and acknowledges them, in that order. A key that does not take them (of another kind, forbidden)
 * must not stop the stream: its letters wait here, not acknowledged, and are tried again with a back-off.
 */
export class Graveyard {
  readonly #deps: {
    group: string;
    clock: Clock;
    log: LimitedLog;
    metrics: Metrics;
    states: ChannelStates;
    random: () => number;
  };
  readonly #refused = new Map<string, Refused>();
  readonly #waiting = new Set<string>();

  constructor(deps: {
    group: string;
    clock: Clock;
    log: LimitedLog;
    metrics: Metrics;
    states: ChannelStates;
    random: () => number;
  }) {
    this.#deps = deps;
  }

  /** Whether an entry waits here for its letter to be taken. */
  holds(channel: string, entryId: string): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(`${channel} ${entryId}`);
  }

  /** Rejects only when the connection fails; the letters are then still pending. */
  async add(guarded: Guarded, letters: readonly DeadLetter[]): Promise<void> {
    for (const [channel, own] of byChannel(letters)) {
      if (this.#refused.has(channel)) this.#keep(channel, own);
      else if (!(await this.#bury(guarded, channel, own))) this.#keep(channel, own);
    }
  }

  /** Tries again what is due. */
  async retry(client: Redis): Promise<void> {
    const now = this.#deps.clock.monotonic();
    for (const [channel, refused] of this.#refused) {
      if (refused.nextAt > now) continue;
      const letters = refused.letters;
      if (await this.#bury(run => run(client), channel, letters.slice(0, TOGETHER))) {
        for (const { entryId } of letters.splice(0, TOGETHER)) this.#waiting.delete(`${channel} ${entryId}`);
        if (letters.length === 0) this.#refused.delete(channel);
      } else {
        refused.attempt += 1;
        refused.nextAt = now + backOffMs(refused.attempt, { ...BACK_OFF, random: this.#deps.random });
      }
    }
  }

  async #bury(guarded: Guarded, channel: string, letters: readonly DeadLetter[]): Promise<boolean> {
    const { group, clock, states, metrics, log } = this.#deps;
    try {
      await guarded(client => bury(client, group, letters, clock.now()));
    } catch (error) {
      if (!(error instanceof TenhertzError) || error.code !== 'DEAD_LETTER_FAILED') throw error;
      log.warn(`bury ${channel}`, { channel, reason: messageOf(error) }, 'Dead letters cannot be written');
      return false;
    }
    states.of(channel).dead += letters.length;
    metrics.deadLetters.inc({ channel }, letters.length);
    return true;
  }

  #keep(channel: string, letters: readonly DeadLetter[]): void {
    const { clock, random } = this.#deps;
    let refused = this.#refused.get(channel);
    if (refused === undefined) {
      const nextAt = clock.monotonic() + backOffMs(0, { ...BACK_OFF, random });
      refused = { letters: [], attempt: 0, nextAt };
      this.#refused.set(channel, refused);
    }
    for (const letter of letters) {
      if (this.#waiting.size >= MOST_WAITING) return;
      refused.letters.push(letter);
      this.#waiting.add(`${channel} ${letter.entryId}`);
    }
  }
}
