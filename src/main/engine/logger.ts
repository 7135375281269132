import { pino, type Logger as PinoLogger } from 'pino';
import type { Clock } from './clock.ts';

/** The part of pino the engine uses. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on stderr (stdout belongs to the commands' answers). Passwords never reach it: settings are logged redacted. */
export function createLogger(level: string): Logger {
  return pino(
    { name: 'tenhertz', level, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Changes how much is logged from now on; a logger that has no levels is left as it is. */
export function setLogLevel(log: Logger, level: string): void {
  if ('level' in log) log.level = level;
}

/** Drops everything; for tests that look at behaviour, not at logs. */
export const silentLogger: Logger = pino({ level: 'silent' });

/** How often the same trouble is worth a line. */
const ONCE_EVERY_MS = 60_000;

/**
 * Logs a warning at most once a minute per `key`, and says how many were left out since. For trouble that a feed or a
 * stream can repeat thousands of times: it is counted elsewhere, the log only has to tell that it happens.
 */
export class LimitedLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #last = new Map<string, { at: number; dropped: number }>();

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  warn(key: string, facts: Record<string, unknown>, message: string): void {
    const now = this.#clock.monotonic();
    const last = this.#last.get(key);
    if (last !== undefined && now - last.at < ONCE_EVERY_MS) {
      last.dropped += 1;
      return;
    }
    this.#log.warn({ ...facts, ...(last ? { repeated: last.dropped } : {}) }, message);
    this.#last.set(key, { at: now, dropped: 0 });
  }
}
