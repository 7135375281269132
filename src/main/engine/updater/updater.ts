import type { EpochMs, Token, UpdaterStatus } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { Observation, Source } from '../sources/source.ts';
import { choose, DEFAULT_OUTLIER_BOUND, type Candidate } from './choose.ts';
import type { DayOpen, DayOpens } from './day-open.ts';
import type { PricedToken, PriceWriter } from './price-writer.ts';

export interface UpdaterOptions {
  /** Asked at every tick, so the trader's choice of market takes effect at the next one. Their order breaks ties. */
  sources: () => readonly Source[];
  tokens: () => readonly Token[];
  everyMs: number;
  /** How far from the other sources' median a price may be; 0.1 (10 %) by default. */
  outlierBound?: number | undefined;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'sourceQuotes' | 'sourceUp' | 'updaterTicksSkipped'>;
  writer: PriceWriter;
  dayOpens: DayOpens;
}

/** Writes the newest acceptable price of every token at every tick (R8.1). */
export interface Updater {
  start(): void;
  /** No tick starts afterwards; resolves when the one under way has ended. */
  stop(): Promise<void>;
  /** Ticks every `ms` from now on. */
  pace(ms: number): void;
  status(): UpdaterStatus;
  /** One tick. Never rejects; while another is under way it only counts itself as skipped. */
  tick(): Promise<void>;
}

interface SourceCandidate extends Candidate {
  from: Source;
}

/** A write that takes longer than this is said to be hanging: prices expire in Redis meanwhile. */
const HANGING_MS = 2_000;
const DAY_MS = 86_400_000;

/** Creates the updater; nothing happens before {@link Updater.start} or {@link Updater.tick}. */
export function createUpdater(options: UpdaterOptions): Updater {
  const { clock, metrics } = options;
  let { everyMs } = options;
  const outlierBound = options.outlierBound ?? DEFAULT_OUTLIER_BOUND;
  const log = new LimitedLog(options.log, clock);
  /** Per source object, not name: a recording that is started again begins a new past. */
  const published = new WeakMap<Source, Map<Token, EpochMs>>();
  const counted = new WeakMap<Source, Map<string, EpochMs>>();
  let gauged = new Set<string>();
  let cancel: Cancel | undefined;
  let underWay: { since: number; done: Promise<void> } | undefined;
  let lastTickAt: EpochMs | null = null;
  /** Why the last tick wrote nothing; `null` when it wrote. */
  let obstacle: string | null = null;

  const observe = (source: Source, token: Token): Observation | undefined => {
    try {
      return source.observation(token);
    } catch (error) {
      log.warn(
        `observe:${source.name}`,
        { source: source.name, reason: messageOf(error) },
        'a source failed to answer',
      );
      return undefined;
    }
  };

  /** Counts a refusal once per arrived price, however many ticks see it. */
  const countRefusal = (from: Source, observation: Observation, reason: string): void => {
    const seen = counted.get(from) ?? new Map<string, EpochMs>();
    counted.set(from, seen);
    const key = `${reason}:${observation.token}`;
    const arrivedAt = observation.receivedAt ?? observation.vouchedAt;
    if (seen.get(key) === arrivedAt) return;
    seen.set(key, arrivedAt);
    const { token, source } = observation;
    metrics.sourceQuotes.inc({ source, result: reason });
    const facts = { source, token, price: observation.price.toFixed(), reason };
    log.warn(`${reason}:${source}`, facts, `${source}: a price was not published (${reason})`);
  };

  const pick = (token: Token, sources: readonly Source[], now: EpochMs): SourceCandidate | undefined => {
    const candidates = sources.flatMap((from): SourceCandidate[] => {
      const observation = observe(from, token);
      if (observation === undefined) return [];
      return [{ from, observation, publishedSourceTime: published.get(from)?.get(token) ?? null }];
    });
    const { chosen, refused } = choose(candidates, { now, outlierBound });
    for (const { candidate, reason } of refused) {
      // That a price expired is no fault of the quote, and true at every tick from then on.
      if (reason !== 'expired') countRefusal(candidate.from, candidate.observation, reason);
    }
    return chosen;
  };

  /** Today's first price as far as this source knows it: the simulated market's past, else what it says now. */
  const firstOfDay = ({ from, observation }: SourceCandidate, now: EpochMs): DayOpen => {
    const midnight = Math.floor(now / DAY_MS) * DAY_MS;
    const past = from.history?.(observation.token, midnight, midnight + 1, 1_000)[0];
    return past ?? { price: observation.price, at: observation.vouchedAt };
  };

  const gauge = (sources: readonly Source[]): void => {
    const names = new Set(sources.map(source => source.name));
    for (const gone of gauged) if (!names.has(gone)) metrics.sourceUp.remove({ source: gone });
    for (const source of sources)
      metrics.sourceUp.set({ source: source.name }, source.status().vouching > 0 ? 1 : 0);
    gauged = names;
  };

  const run = async (): Promise<void> => {
    const now = clock.now();
    const sources = options.sources();
    gauge(sources);
    const chosen = options.tokens().flatMap(token => pick(token, sources, now) ?? []);
    if (chosen.length === 0) {
      obstacle = 'No source stands behind any price now. Prices follow as soon as one does.';
      return;
    }
    const prices = chosen.map((candidate): PricedToken => {
      const { token, source } = candidate.observation;
      const dayOpen = options.dayOpens.of(token, source, () => firstOfDay(candidate, now));
      return { observation: candidate.observation, dayOpen };
    });
    await options.writer.write(prices);
    for (const { from, observation } of chosen) remember(from, observation);
    lastTickAt = now;
    obstacle = null;
  };

  const remember = (from: Source, { token, sourceTime }: Observation): void => {
    if (sourceTime === null) return;
    const times = published.get(from) ?? new Map<Token, EpochMs>();
    published.set(from, times.set(token, sourceTime));
  };

  const tick = async (): Promise<void> => {
    if (underWay !== undefined) {
      metrics.updaterTicksSkipped.inc();
      return;
    }
    const done = run().catch((error: unknown) => {
      const reason = messageOf(error);
      const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
      obstacle = `Prices are not being written: ${sentence} It is tried again every ${everyMs} ms.`;
      log.warn('write', { reason }, 'prices were not written');
    });
    underWay = { since: clock.monotonic(), done };
    await done;
    underWay = undefined;
  };

  return {
    start() {
      if (cancel !== undefined) return;
      cancel = clock.every(everyMs, () => void tick());
      void tick();
    },
    async stop() {
      cancel?.();
      cancel = undefined;
      await underWay?.done;
    },
    tick,
    pace(ms) {
      everyMs = ms;
      if (cancel === undefined) return;
      cancel();
      cancel = clock.every(everyMs, () => void tick());
    },
    status() {
      const base = { everyMs, lastTickAt };
      if (cancel === undefined) return { ...base, state: 'stopped', message: null };
      const hanging = underWay !== undefined && clock.monotonic() - underWay.since > HANGING_MS;
      if (hanging) return { ...base, state: 'waiting', message: 'Redis has not answered for more than 2 s.' };
      return { ...base, state: obstacle === null ? 'running' : 'waiting', message: obstacle };
    },
  };
}
