import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AlertCondition, AlertDelivery, AlertDraft } from '../../../src/shared/alerts.ts';
import type { PriceView, SourceStatus } from '../../../src/shared/contract.ts';
import { createAlerts, type Alerts } from '../../../src/main/engine/alerts/alerts.ts';
import type { PositionsNow } from '../../../src/main/engine/alerts/held-rules.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A folder that is gone after the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'th-alerts-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What alerts look at besides events; a test changes it. */
export interface Around {
  prices: Map<string, PriceView>;
  lagMs: number | null;
  sources: Pick<SourceStatus, 'name' | 'state'>[];
  positions: PositionsNow;
}

export interface TestDesk {
  alerts: Alerts;
  clock: ManualClock;
  around: Around;
  /** In the order in which they were told. */
  rung: AlertDelivery[];
  /** Applies events as one batch. */
  apply: (events: StreamEvent[], phase?: 'snapshot' | 'live') => void;
  /** Makes a rule and answers its id. */
  save: (condition: AlertCondition, more?: Partial<AlertDraft>) => string;
}

/** Alerts on a folder, without Redis. */
export function openDesk(dir: string, clock = new ManualClock()): TestDesk {
  const around: Around = {
    prices: new Map(),
    lagMs: null,
    sources: [],
    positions: { reports: [], books: [], prices: [] },
  };
  const alerts = createAlerts({
    clock,
    log: silentLogger,
    price: token => around.prices.get(token),
    lagMs: () => around.lagMs,
    sources: () => around.sources,
    positions: () => around.positions,
  });
  const rung: AlertDelivery[] = [];
  alerts.onDelivery(delivery => rung.push(delivery));
  alerts.open(dir);
  return {
    ...{ alerts, clock, around, rung },
    apply(events, phase = 'live') {
      for (const event of events) alerts.take(event, phase);
      alerts.settle();
    },
    save: (condition, more = {}) =>
      alerts.handlers['alerts.save']({ draft: { ...draftOf(condition), ...more } }).rule.id,
  };
}

/** A rule that fires each time its value comes back. */
export function draftOf(condition: AlertCondition): AlertDraft {
  return {
    id: null,
    name: '',
    condition,
    enabled: true,
    mode: { kind: 'rearm', hysteresis: { unit: 'distance', value: '0' }, cooldownMs: 0 },
    sound: 'chime',
    notify: true,
    note: '',
  };
}

export const START = new ManualClock().now();

/** Makes events with rising entry ids, one second apart unless told otherwise. */
export class Events {
  #count = 0;
  at = START;
  readonly sequences = new Map<string, number>();

  price(token: string, price: string, more: Partial<StreamEvent> = {}): StreamEvent {
    return this.event('price-updates', 'price_update', { token, price }, { source: 'kraken', ...more });
  }

  trade(
    amount: string,
    price: string,
    more: { action?: string; pair?: string; channel?: string } = {},
  ): StreamEvent {
    const { action = 'buy', pair = 'SOL/USDC', channel = 'trade-events' } = more;
    return this.event(channel, 'trade_executed', { id: 'x', action, token_pair: pair, amount, price });
  }

  position(token: string, amount: string, pnl: string): StreamEvent {
    return this.event('position-updates', 'position_update', { token, amount, pnl });
  }

  event(channel: string, type: string, data: unknown, more: Partial<StreamEvent> = {}): StreamEvent {
    this.#count += 1;
    this.at += 1_000;
    const sequence = (this.sequences.get(channel) ?? 0) + 1;
    this.sequences.set(channel, sequence);
    return {
      channel,
      entryId: `${this.at}-0`,
      entryTime: this.at,
      eventId: `event-${this.#count}`,
      type,
      source: 'test',
      timestamp: this.at,
      sequence,
      data,
      ...more,
    };
  }
}
