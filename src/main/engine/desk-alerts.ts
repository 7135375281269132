import type { SourceStatus } from '../../shared/contract.ts';
import { createAlerts, type Alerts } from './alerts/alerts.ts';
import { holdingKey } from './alerts/held.ts';
import type { EngineDeps } from './engine.ts';
import type { Projections } from './feed/projections.ts';

/** Bytes of reported positions that are looked at: all that are kept. */
const ALL_POSITIONS = Infinity;

/** The alerts of a desk: they look around through what the desk knows anyway. */
export function openAlerts(
  deps: Pick<EngineDeps, 'clock' | 'log'> & {
    projections: Projections;
    sources: () => readonly SourceStatus[];
    lagMs: () => number | null;
  },
): Alerts {
  const { projections, clock, log, sources, lagMs } = deps;
  return createAlerts({
    clock,
    log,
    sources,
    lagMs,
    price: token => projections.price(token),
    positions: () => ({
      reports: projections.positions.newest(ALL_POSITIONS).events,
      books: projections.books
        .all()
        .map(book => [
          holdingKey(book.channel, book.token),
          book.quote === null ? { book } : { reported: { amount: book.amount, pnl: null } },
        ]),
      prices: projections.prices().map(({ token, price }) => [token, price]),
    }),
  });
}
