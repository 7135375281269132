import type { AlertDelivery, AlertsView } from '../../../shared/alerts.ts';
import type { AlertNews } from '../alerts/news.ts';
import { jsonSize } from './json-size.ts';

/** How far a window has been told of alerts: version of the rules, index of the next delivery. */
export interface AlertCursor {
  alerts: number;
  deliveries: number;
}

/** What of a batch is about alerts, its bytes as JSON, and where a window stands that has got it. */
export interface AlertPart {
  alerts: AlertsView | null;
  deliveries: AlertDelivery[];
  bytes: number;
  next: AlertCursor;
}

/** Part of a batch that deliveries may take, and rules after them; the first of each always goes. */
const DELIVERIES_SHARE = 0.25;
const RULES_SHARE = 0.25;
/** Deliveries in one batch: more is a storm, and a screen does not show it faster. */
const MOST_DELIVERIES = 50;

/** What happened to alerts since `cursor`, as far as it fits; the rest follows. */
export function alertPart(news: AlertNews, cursor: AlertCursor, maxBytes: number): AlertPart {
  const deliveries: AlertDelivery[] = [];
  let bytes = 0;
  let index = cursor.deliveries;
  for (; index < news.head && deliveries.length < MOST_DELIVERIES; index += 1) {
    const delivery = news.delivery(index);
    if (delivery === undefined) continue;
    const size = jsonSize(delivery) + 1;
    if (deliveries.length > 0 && bytes + size > maxBytes * DELIVERIES_SHARE) break;
    bytes += size;
    deliveries.push(delivery);
  }
  if (cursor.alerts === news.version) {
    return { alerts: null, deliveries, bytes, next: { alerts: cursor.alerts, deliveries: index } };
  }
  const told = rulesPart(news, cursor.alerts, maxBytes * RULES_SHARE);
  return {
    alerts: told.view,
    deliveries,
    bytes: bytes + told.bytes,
    next: { alerts: told.version, deliveries: index },
  };
}

function rulesPart(
  news: AlertNews,
  since: number,
  maxBytes: number,
): { view: AlertsView; bytes: number; version: number } {
  const view: AlertsView = { ...news.summary(), rules: [], removed: [] };
  const changed = news.changedSince(since);
  let bytes = jsonSize(view);
  let taken = 0;
  let version = since;
  for (const one of changed) {
    const size = jsonSize('view' in one.change ? one.change.view : one.change.removed) + 1;
    if (taken > 0 && bytes + size > maxBytes) break;
    if ('view' in one.change) view.rules.push(one.change.view);
    else view.removed.push(one.change.removed);
    bytes += size;
    taken += 1;
    version = one.version;
  }
  return { view, bytes, version: taken === changed.length ? news.version : version };
}

/** Whether a window that stands at `cursor` can be told something of alerts. */
export function hasAlertNews(news: AlertNews, cursor: AlertCursor): boolean {
  return cursor.alerts !== news.version || cursor.deliveries < news.head;
}
