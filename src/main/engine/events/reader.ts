import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { LimitedLog } from '../logger.ts';
import { raceBlockingRead } from '../redis/blocking-read.ts';
import { keys } from '../redis/keys.ts';
import type { Lease } from '../redis/pool.ts';
import type { Applier, Delivered, Done } from './applier.ts';
import type { ChannelFinder } from './channel-finder.ts';
import type { ChannelStates } from './channel-state.ts';
import type { FollowedChannels } from './followed-channels.ts';
import { seeDesk } from './forget-desks.ts';
import { openChannel, type Guarded, type OpenedChannel } from './open-channel.ts';

export interface ReaderDeps {
  group: string;
  consumer: string;
  clock: Clock;
  log: LimitedLog;
  followed: FollowedChannels;
  finder: ChannelFinder;
  states: ChannelStates;
  applier: Applier;
  /** Called for channels just opened, before their first read. */
  measure: (client: Redis, channels: readonly string[]) => Promise<void>;
  blockMs: number;
  count: number;
  tailCount: number;
  isStopped: () => boolean;
  /** All that is wanted is open now. */
  onOpen: () => void;
  /** Called with every read that was answered. */
  onRead: () => void;
}

/** Work for the one place where entries are applied, brought by others: entries taken over, or found for a gap. */
export type Errand = (guarded: Guarded) => Promise<void>;

/** A read that outlives its BLOCK by this much is lost: with the way to a new connection, that makes less than 2 s. */
const MARGIN_MS = 700;
/** The same for commands that do not block. */
const COMMAND_MS = 1_000;
/** Steps of 500 keys that the start waits for; what is found later is followed later. */
const FIRST_STEPS = 400;
/** Channels opened between two reads, so that following many does not hold up the others. */
const OPEN_TOGETHER = 50;
/** A channel that cannot be followed (a key of another kind, a missing right) is tried again after this. */
const AGAIN_MS = 2_000;
/** All snapshots together take about this many entries, and one read delivers at most this many. */
const MOST_SNAPSHOT = 100_000;
const MOST_PER_READ = 20_000;

/** Reads all channels through one blocking connection (R5.1, R5.4). */
export class Reader {
  readonly errands: Errand[] = [];
  readonly #deps: ReaderDeps;
  readonly #open = new Set<string>();
  readonly #broken = new Map<string, number>();
  #version = -1;
  #first = true;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  /** The channels read from now. */
  get channels(): string[] {
    return [...this.#open];
  }

  /** Reads until it is stopped, or throws when the connection or the server fails; call it again with a new lease. */
  async follow(lease: Lease): Promise<void> {
    const { clock, finder, isStopped, blockMs } = this.#deps;
    const guarded: Guarded = run => raceBlockingRead(lease, clock, COMMAND_MS, run);
    this.#open.clear();
    this.#broken.clear();
    this.#version = -1;
    const read = (applied: readonly Done[]): Promise<Delivered | null> =>
      raceBlockingRead(lease, clock, blockMs + MARGIN_MS, client => this.#read(client, applied));
    let done: Done[] = [];
    let ahead: Promise<Delivered | null> | undefined;
    await guarded(client => seeDesk(client, this.#deps.group, clock.now()));
    if (!finder.settled) await finder.look(guarded, FIRST_STEPS);
    while (!isStopped()) {
      if (await this.#adjust(guarded)) this.#deps.onOpen();
      for (const errand of this.errands.splice(0)) await errand(guarded);
      if (isStopped()) break;
      let reply: Delivered | null = null;
      if (this.#open.size === 0) {
        await new Promise<void>(resolve => clock.after(blockMs, resolve));
      } else {
        try {
          reply = await (ahead ?? read(done));
        } catch (error) {
          if (!(await this.#explain(guarded, error))) throw error;
        }
        if (ahead === undefined) done = [];
      }
      ahead = undefined;
      this.#deps.onRead();
      if (!reply || isStopped()) continue;
      if (this.#isFull(reply)) {
        // There is more: the server looks it up while these are applied. What it acknowledges is the delivery before them.
        ahead = read(done.splice(0));
        ahead.catch(() => undefined);
      }
      done = done.concat(await this.#deps.applier.settle(guarded, reply, 'new'));
    }
    if (done.length > 0) await guarded(client => acknowledge(client, this.#deps.group, done));
  }

  #isFull(reply: Delivered): boolean {
    return reply.some(([, entries]) => entries.length >= this.#count(this.#open.size));
  }

  /** Entries of each stream per read. */
  #count(streams: number): number {
    return Math.max(1, Math.min(this.#deps.count, Math.floor(MOST_PER_READ / streams)));
  }

  /** Acknowledges what was applied and reads on, in one round trip. */
  async #read(client: Redis, done: readonly Done[]): Promise<Delivered | null> {
    const { group, consumer, blockMs } = this.#deps;
    const streams = [...this.#open].map(keys.stream);
    const count = this.#count(streams.length);
    const pipeline = client.pipeline();
    for (const { stream, ids } of done) pipeline.xack(stream, group, ...ids);
    const positions = streams.map(() => '>');
    pipeline.xreadgroup(
      ...(['GROUP', group, consumer, 'COUNT', count, 'BLOCK', blockMs, 'STREAMS'] as const),
      ...streams,
      ...positions,
    );
    const replies = (await pipeline.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    return (replies.at(-1)?.[1] ?? null) as Delivered | null;
  }

  /** Opens channels that came, and lets go those that went. False when it was stopped meanwhile. */
  async #adjust(guarded: Guarded): Promise<boolean> {
    const { clock, followed, isStopped } = this.#deps;
    const now = clock.monotonic();
    for (const [channel, at] of this.#broken) {
      if (now < at) continue;
      this.#broken.delete(channel);
      this.#version = -1;
    }
    if (this.#version === followed.version) return true;
    const version = followed.version;
    const wanted = new Set(followed.channels());
    for (const channel of this.#open) if (!wanted.has(channel)) this.#open.delete(channel);
    const missing = [...wanted].filter(channel => !this.#open.has(channel) && !this.#broken.has(channel));
    const turn = this.#first ? missing : missing.slice(0, OPEN_TOGETHER);
    const opened: OpenedChannel[] = [];
    for (const channel of turn) {
      if (isStopped()) return false;
      const one = await this.#openOne(guarded, channel, wanted.size);
      if (one !== undefined) opened.push(one);
    }
    if (opened.length > 0) {
      const names = opened.map(({ channel }) => channel);
      await guarded(client => this.#deps.measure(client, names));
      await this.#deps.applier.takeSnapshot(guarded, opened, isStopped);
      await this.#rereadPending(guarded, names);
      for (const name of names) this.#open.add(name);
    }
    if (this.#open.size === 0 && this.#broken.size > 0)
      throw new Error('None of the channels can be followed.');
    this.#first = false;
    if (turn.length === missing.length) this.#version = version;
    return true;
  }

  async #openOne(guarded: Guarded, channel: string, all: number): Promise<OpenedChannel | undefined> {
    const { group, consumer, tailCount, states, followed, log, clock } = this.#deps;
    const make = followed.isNamed(channel);
    try {
      const opened = await openChannel(guarded, {
        channel,
        group,
        consumer,
        make,
        born: followed.isBorn(channel),
        tailCount: Math.min(tailCount, Math.max(this.#deps.count, Math.floor(MOST_SNAPSHOT / all))),
        appliedTo: states.peek(channel)?.appliedTo,
      });
      if (opened === undefined) followed.letGo(channel);
      return opened;
    } catch (error) {
      // One key of another kind, or one the user may not read, must not keep the others from being followed.
      const reason = messageOf(error);
      if (!/^(WRONGTYPE|NOPERM|NOGROUP)/.test(reason)) throw error;
      this.#broken.set(channel, clock.monotonic() + AGAIN_MS);
      log.warn(`open ${channel}`, { channel, reason }, 'A channel cannot be followed');
      return undefined;
    }
  }

  /** Entries given to this consumer before and never acknowledged (R5.2), to the last. */
  async #rereadPending(guarded: Guarded, channels: readonly string[]): Promise<void> {
    const { group, consumer, count, applier, isStopped } = this.#deps;
    const positions = new Map(channels.map(channel => [keys.stream(channel), '0']));
    while (positions.size > 0 && !isStopped()) {
      const some = [...positions].slice(0, OPEN_TOGETHER);
      const reply = await guarded(client =>
        client.xreadgroup(
          ...(['GROUP', group, consumer, 'COUNT', count, 'STREAMS'] as const),
          ...some.map(([stream]) => stream),
          ...some.map(([, after]) => after),
        ),
      );
      const done = reply ? await applier.settle(guarded, reply, 'again') : [];
      if (done.length > 0) await guarded(client => acknowledge(client, group, done));
      for (const [stream] of some) {
        const last = reply?.find(([name]) => name === stream)?.[1].at(-1)?.[0];
        if (last === undefined) positions.delete(stream);
        else positions.set(stream, last);
      }
    }
  }

  /**
   * A read fails for all streams when one of them is gone, or its group. Finds out which, so that they are opened again or
   * let go; false when the fault lies elsewhere.
   */
  async #explain(guarded: Guarded, error: unknown): Promise<boolean> {
    if (!/^(NOGROUP|UNBLOCKED|WRONGTYPE|NOPERM)/.test(messageOf(error))) return false;
    const { group } = this.#deps;
    const channels = this.channels;
    const replies = await guarded(client => {
      const pipeline = client.pipeline();
      for (const channel of channels) pipeline.xpending(keys.stream(channel), group);
      return pipeline.exec();
    });
    const gone = channels.filter((_, index) => replies?.[index]?.[0]);
    for (const channel of gone) {
      this.#open.delete(channel);
      this.#version = -1;
    }
    return gone.length > 0;
  }
}

/** Acknowledges in one round trip. */
export async function acknowledge(client: Redis, group: string, done: readonly Done[]): Promise<void> {
  const pipeline = client.pipeline();
  for (const { stream, ids } of done) pipeline.xack(stream, group, ...ids);
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}
