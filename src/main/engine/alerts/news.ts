import type { AlertDelivery, AlertsView, AlertView } from '../../../shared/alerts.ts';

/** A rule as it is now, or that it went, with the version at which that came about. */
export interface ChangedRule {
  version: number;
  change: { view: AlertView } | { removed: string };
}

/** What of the alerts a feed tells its windows. */
export interface AlertNews {
  /** Rises with everything an {@link AlertsView} can say; 0 while there is nothing to say. */
  readonly version: number;
  /** Index of the next delivery; also one more than that of the newest. */
  readonly head: number;
  /** What an {@link AlertsView} says of all rules together. */
  summary(): Omit<AlertsView, 'rules' | 'removed'>;
  /** Rules that changed after `version` or went, in the order they did. */
  changedSince(version: number): ChangedRule[];
  /** The delivery with this index; `undefined` when it is no longer kept, or not there yet. */
  delivery(index: number): AlertDelivery | undefined;
}

/** Where nobody watches anything. */
export const NO_NEWS: AlertNews = {
  version: 0,
  head: 0,
  summary: () => ({
    total: 0,
    counts: { armed: 0, fired: 0, cooling: 0, snoozed: 0, disabled: 0 },
    unacknowledged: 0,
    settings: { muteUntil: null, quietHours: { enabled: false, zone: 'UTC', ranges: [] } },
    problem: null,
  }),
  changedSince: () => [],
  delivery: () => undefined,
};
