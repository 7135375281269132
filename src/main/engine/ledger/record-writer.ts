import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import { createMedianWindow } from '../redis/median-window.ts';
import type { LedgerDatabase } from './database.ts';
import { sqlStateOf } from './ledger-errors.ts';
import { recordEvents, recordLatest } from './record-events.ts';
import type { RecordRow } from './record-row.ts';

/** The newest prices need not be there sooner for a cold start. */
const LATEST_EVERY_MS = 1_000;

/** Writes batches of events and keeps count of what became of them. */
export class RecordWriter {
  /** Attempts that failed. */
  failures = 0;
  /** Events that are recorded nowhere and will not be. */
  lost = 0;
  /** Entry time of the first event that was not history; the others say nothing of the time to confirm. */
  liveFrom: EpochMs = Infinity;
  readonly #deps: { database: LedgerDatabase; clock: Clock; log: LimitedLog; metrics: Metrics };
  readonly #confirm: ReturnType<typeof createMedianWindow>;
  readonly #latest = new Map<string, RecordRow>();
  #latestAt = -Infinity;
  #lastMedian: number | null = null;

  constructor(deps: { database: LedgerDatabase; clock: Clock; log: LimitedLog; metrics: Metrics }) {
    this.#deps = deps;
    this.#confirm = createMedianWindow(deps.clock);
  }

  /** Median ms from entry to record, of the last seconds in which there was any; `null` before the first. */
  get confirmMs(): number | null {
    return (this.#lastMedian = this.#confirm.median() ?? this.#lastMedian);
  }

  /** Whether newest prices or positions wait to be noted. */
  get owesLatest(): boolean {
    return this.#latest.size > 0;
  }

  failed(error: unknown): void {
    this.failures += 1;
    this.#deps.metrics.ledgerConfirmFailures.inc();
    this.#deps.log.warn('record', { reason: messageOf(error) }, 'Events wait to be recorded');
  }

  gone(count: number, reason: 'trimmed' | 'refused'): void {
    this.lost += count;
    this.#deps.metrics.ledgerLost.inc({ reason }, count);
    if (reason === 'trimmed')
      this.#deps.log.warn('lost', { count }, 'Events were trimmed before they could be recorded');
  }

  /** Records rows; one that cannot be stored is left out and counted. Rejects when the ledger takes none. */
  async record(rows: readonly RecordRow[]): Promise<void> {
    const { database, metrics } = this.#deps;
    try {
      await recordEvents(database, rows);
    } catch (error) {
      if (!isTheRows(error)) throw error;
      await this.#withoutTheBad(rows, error);
      return;
    }
    metrics.ledgerRecorded.inc(rows.length);
    this.#measure(rows);
    for (const row of rows)
      if (row.token !== null) this.#latest.set(`${row.channel} ${row.type} ${row.token}`, row);
  }

  /** Notes the newest price and position of each token, now and then, or at once. Rejects when the ledger is away. */
  async noteLatest(atOnce = false): Promise<void> {
    const { clock, database } = this.#deps;
    if (!this.owesLatest || (!atOnce && clock.monotonic() - this.#latestAt < LATEST_EVERY_MS)) return;
    const rows = [...this.#latest.values()];
    this.#latest.clear();
    this.#latestAt = clock.monotonic();
    // One that is refused or fails is made up for by the next of its token.
    await recordLatest(database, rows);
  }

  async #withoutTheBad(rows: readonly RecordRow[], error: unknown): Promise<void> {
    const [only] = rows;
    if (rows.length > 1) {
      const half = Math.ceil(rows.length / 2);
      await this.record(rows.slice(0, half));
      await this.record(rows.slice(half));
    } else if (only !== undefined) {
      const { channel, entryId, eventId } = only;
      this.failures += 1;
      this.#deps.metrics.ledgerConfirmFailures.inc();
      this.gone(1, 'refused');
      const facts = { channel, entryId, eventId, reason: messageOf(error) };
      this.#deps.log.warn(`refused ${channel}`, facts, 'An event cannot be recorded');
    }
  }

  #measure(rows: readonly RecordRow[]): void {
    const { clock } = this.#deps;
    const entryTime = rows.at(-1)?.entryTime ?? 0;
    const now = clock.monotonic();
    if (entryTime < this.liveFrom || !this.#confirm.wants(now)) return;
    this.#confirm.add(now - Math.max(0, clock.now() - entryTime));
    this.#lastMedian = this.#confirm.median();
  }
}

/** Whether the fault is in the data itself: then the others can be recorded without it. */
function isTheRows(error: unknown): boolean {
  return (
    error instanceof TenhertzError &&
    error.code === 'LEDGER_REFUSED' &&
    /^(22|23|54)/.test(sqlStateOf(error) ?? '')
  );
}
