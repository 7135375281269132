import { STATUS_CHANNEL } from '../../../shared/channels.ts';
import type { StatusView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { OutgoingEvent } from '../events/router.ts';
import { LimitedLog, type Logger } from '../logger.ts';

/** One component of this desk as it is told in `system:events`. */
export interface ComponentReport {
  component: string;
  status: string;
  message: string;
  /** What was measured, in ms or counts; `null` where nothing was yet. */
  facts: Readonly<Record<string, number | null>>;
}

export interface StatusJournalDeps {
  status: () => StatusView;
  /** Rejects when the event cannot be published now; the next round tells the newer state. */
  publish: (channel: string, event: OutgoingEvent) => Promise<unknown>;
  /** Tells this desk's reports from those of others: `tenhertz:<install id>`. */
  source: string;
  clock: Clock;
  log: Logger;
  /** How often the status is looked at, ms; 1,000 by default. */
  everyMs?: number;
  /** How often every component is told again although nothing changed, ms; 60,000 by default. */
  repeatMs?: number;
}

/**
 * Writes down how the desk's own parts are doing, as `system_status` events: each change at once, and everything once a minute, so
 * that a moment of the past can be shown with the health it had. Returns its undo. At most one round is under way; a round that
 * fails (Redis is away) is logged now and then, and the next begins with what is true by then.
 */
export function startStatusJournal(deps: StatusJournalDeps): () => void {
  const { clock, source } = deps;
  const repeatMs = deps.repeatMs ?? 60_000;
  const log = new LimitedLog(deps.log, clock);
  const told = new Map<string, string>();
  let toldAllAt = -Infinity;
  let busy = false;

  const tell = async (reports: readonly ComponentReport[]): Promise<void> => {
    for (const report of reports) {
      await deps.publish(STATUS_CHANNEL, { type: 'system_status', source, data: { ...report } });
      told.set(report.component, wordsOf(report));
    }
  };

  const round = (): void => {
    if (busy) return;
    const reports = componentsOf(deps.status());
    const all = clock.monotonic() - toldAllAt >= repeatMs;
    const news = all ? reports : reports.filter(report => told.get(report.component) !== wordsOf(report));
    if (news.length === 0) return;
    busy = true;
    tell(news)
      .then(() => {
        if (all) toldAllAt = clock.monotonic();
      })
      .catch((error: unknown) =>
        log.warn('status journal', { reason: messageOf(error) }, 'The health of the desk could not be noted'),
      )
      .finally(() => (busy = false));
  };

  return clock.every(deps.everyMs ?? 1_000, round);
}

/** The desk's parts and how they are, in words that `system_status` uses. */
export function componentsOf(status: StatusView): ComponentReport[] {
  const { redis, ledger, updater, subscription, sources } = status;
  return [
    report('redis', redis.state, redis.message, { latencyMs: redis.latencyMs }),
    report('ledger', ledger.state, ledger.message, {
      latencyMs: ledger.latencyMs,
      outbox: ledger.outbox,
      unconfirmed: ledger.unconfirmed,
      lost: ledger.lost,
    }),
    report('updater', updater.state, updater.message, { everyMs: updater.everyMs }),
    report('subscription', subscription.state, null, {
      lagMs: subscription.lagMs,
      gaps: subscription.gaps,
      duplicates: subscription.duplicates,
      refused: subscription.refused,
    }),
    ...[...sources, ...(status.poolSource?.name === 'raydium' ? [status.poolSource] : [])].map(source =>
      report(`source:${source.name}`, source.state, source.message, {
        vouching: source.vouching,
        asked: source.asked,
      }),
    ),
  ];
}

function report(
  component: string,
  status: string,
  message: string | null,
  facts: ComponentReport['facts'],
): ComponentReport {
  return { component, status, message: message ?? '', facts };
}

/** What makes a report news: its words, not its measurements, which change all the time. */
function wordsOf({ status }: ComponentReport): string {
  return status;
}
