import type { Batch, CommandName, Commands, StatusView } from '../../shared/contract.ts';
import type { ReplayQuery } from '../../shared/replay.ts';
import type { AlertDelivery } from '../../shared/alerts.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import type { Metrics } from './health/metrics.ts';
import type { Logger } from './logger.ts';

/** What an engine is made of; everything else it makes itself. */
export interface EngineDeps {
  settings: Settings;
  /** Absolute; held for this process while the engine runs. */
  dataDir: string;
  clock: Clock;
  log: Logger;
  host: 'desktop' | 'gateway';
  version: string;
}

/** One batch on its way to a screen, serialised at most once however many windows get it. */
export interface BatchFrame {
  readonly batch: Batch;
  /** The batch as JSON text; made on first use and kept. */
  readonly json: string;
}

/** One window's (or browser tab's) line to the engine. */
export interface EngineConnection {
  /**
   * The one door for commands: an unknown command or bad arguments reject with a `TenhertzError` whose code is
   * `UNKNOWN_COMMAND` or `BAD_ARGUMENTS`.
   */
  invoke<C extends CommandName>(command: C, args: Commands[C]['args']): Promise<Commands[C]['result']>;
  invoke(command: string, args: unknown): Promise<unknown>;
  /** Stops its batches. */
  close(): void;
}

/** The engine as a host sees it. It knows neither Electron nor HTTP. */
export interface Engine {
  readonly metrics: Metrics;
  /**
   * Starts everything; resolves when the updater runs. Sources may still be connecting, and a Redis server of the user's
   * may still be away: the status says so. `url` is where the monitor can be opened, told to other commands.
   *
   * Rejects with `DATA_DIR_IN_USE`, `REDIS_BINARY_MISSING` and the like; {@link stop} is to be called all the same.
   */
  start(where?: { url: string | null }): Promise<void>;
  /** Stops everything it started, embedded servers included, within 5 s. */
  stop(): Promise<void>;
  /** `send` gets at most one unconfirmed batch at a time, once the window has asked with `feed.follow`. */
  connect(send: (frame: BatchFrame) => void): EngineConnection;
  /**
   * A channel's events between two times as NDJSON, in pieces of whole lines; see `Replay` in the events room, whose
   * errors it throws. Throws `NOT_STARTED` before {@link start} has resolved.
   */
  replay(
    query: ReplayQuery,
    options: { signal: AbortSignal; onRefused: (entryId: string, reason: string) => void },
  ): AsyncGenerator<string>;
  /** Calls `listener` with each alert that fires, in order, window or not. Returns its undo. */
  onDelivery(listener: (delivery: AlertDelivery) => void): Cancel;
  /** For the ready line, `/healthz` and the tray. */
  status(): StatusView;
}
