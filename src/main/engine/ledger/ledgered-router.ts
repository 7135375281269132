import { messageOf, TenhertzError } from '../errors.ts';
import type { Publisher } from '../events/publisher.ts';
import { createRouter, showStats, type Router, type RouterDeps, type RouterStats } from '../events/router.ts';
import type { Item } from '../events/router-lanes.ts';
import type { ModeOf } from './channel-modes.ts';

export interface LedgeredRouterDeps extends Omit<RouterDeps, 'publisher' | 'away' | 'measured'> {
  /** For channels that are not strict. */
  plain: Pick<Publisher, 'publish' | 'publishMany'>;
  /** For strict channels; `undefined` where there is no ledger by choice: then all are published plainly. */
  strict: Pick<Publisher, 'publish' | 'publishMany'> | undefined;
  modeOf: ModeOf;
}

/**
 * One router for all channels, with the same policies: events of strict channels are committed to the ledger first, in a router of
 * their own, so that a ledger that is away holds back nothing else. The limits count for each of the two.
 *
 * Besides the errors of {@link Router}: `LEDGER_DOWN` when the ledger was away too long (or at once where the policy is `refuse`), so
 * that nothing was published; `COMMITTED_NOT_PUBLISHED` (facts: `channel`, `eventId`, `sequence`) when the event is recorded and its
 * broadcast follows by itself.
 */
export function createLedgeredRouter(deps: LedgeredRouterDeps): Router {
  const { plain, strict, modeOf, ...rest } = deps;
  if (strict === undefined) return createRouter({ ...rest, publisher: plain });
  const numbers = new Map<string, RouterStats>();
  const sum = (): RouterStats => {
    const all = [...numbers.values()];
    return {
      inFlight: all.reduce((total, { inFlight }) => total + inFlight, 0),
      queued: all.reduce((total, { queued }) => total + queued, 0),
      waiting: all.reduce((total, { waiting }) => total + waiting, 0),
    };
  };
  const measured = (name: string) => (stats: RouterStats) => {
    numbers.set(name, stats);
    showStats(deps.metrics, sum());
  };
  const plainly = createRouter({ ...rest, publisher: plain, measured: measured('plain') });
  const strictly = createRouter({
    ...rest,
    publisher: strict,
    away: ledgerAway,
    measured: measured('strict'),
  });
  return {
    publish: (channel, event) => (modeOf(channel) === 'strict' ? strictly : plainly).publish(channel, event),
    stats: sum,
    close() {
      plainly.close();
      strictly.close();
    },
  };
}

/** Why an event of a strict channel was not answered, in time or at all. */
function ledgerAway({ event, trouble }: Item): TenhertzError {
  const { channel, eventId } = event;
  const code = trouble instanceof TenhertzError ? trouble.code : 'LEDGER_DOWN';
  if (code === 'COMMITTED_NOT_PUBLISHED') {
    const sequence = sequenceIn(trouble, eventId);
    return new TenhertzError(
      code,
      `Event ${eventId} of "${channel}" is recorded in the ledger, but not broadcast yet, because Redis does not answer. The broadcast follows by itself; there is no need to publish it again.`,
      {
        exitCode: 4,
        facts: { channel, eventId, ...(sequence === undefined ? {} : { sequence }) },
        cause: trouble,
      },
    );
  }
  return new TenhertzError(
    code,
    `Event ${eventId} of "${channel}" was not published, because the ledger did not record it: ${messageOf(trouble)} Publish it again with the same event id.`,
    { exitCode: 4, facts: { channel, eventId }, cause: trouble },
  );
}

function sequenceIn(trouble: unknown, eventId: string): number | undefined {
  const events = trouble instanceof TenhertzError ? trouble.facts['events'] : undefined;
  if (!Array.isArray(events)) return undefined;
  return (events as { eventId: string; sequence: number }[]).find(one => one.eventId === eventId)?.sequence;
}
