import { Decimal } from 'decimal.js';
import type { AlertCondition, AlertMode } from '../../../src/shared/alerts.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';

/**
 * Which events a rule fires for, found the slow way: all events are gone through for each rule, windows are filtered from the whole
 * past, and every comparison is a decimal one. Shares nothing with the engine's own way.
 */
export function expectedDeliveries(
  condition: AlertCondition,
  mode: AlertMode,
  events: readonly StreamEvent[],
): string[] {
  const fired: string[] = [];
  let ready: 'up' | 'down' | undefined = condition.kind === 'price' ? undefined : 'up';
  let spent = false;
  let coolUntil = 0;
  const [directions, level] = levelOf(condition);
  const way = mode.kind === 'once' ? new Decimal(0) : wayOf(mode, level);

  const look = (value: Decimal | undefined, event: StreamEvent, strictly: boolean): void => {
    if (value === undefined) return;
    const reached =
      (ready === 'up' && (strictly ? value.gt(level) : value.gte(level))) ||
      (ready === 'down' && value.lte(level));
    if (reached) {
      ready = undefined;
      spent = true;
      const done = mode.kind === 'once' && fired.length > 0;
      if (!done && event.entryTime >= coolUntil) {
        fired.push(event.eventId);
        if (mode.kind === 'rearm') coolUntil = event.entryTime + mode.cooldownMs;
      }
    }
    if (ready !== undefined) return;
    const margin = spent ? way : new Decimal(0);
    const low = level.minus(margin);
    if (directions.includes('up') && (strictly ? value.lte(low) : value.lt(low))) ready = 'up';
    else if (directions.includes('down') && value.gt(level.plus(margin))) ready = 'down';
  };

  const own = events.filter(event => 'token' in condition && tokenIn(event) === condition.token);
  own.forEach((event, index) => {
    const past = condition.kind === 'price' ? [] : own.slice(0, index);
    if (condition.kind === 'price' && event.type === 'price_update') look(priceIn(event), event, false);
    if (condition.kind === 'move' && event.type === 'price_update') {
      look(moveAt(condition, event, past), event, false);
    }
    if (condition.kind === 'volume' && event.type === 'trade_executed') {
      look(volumeAt(condition, event.entryTime, past), event, true);
      look(volumeAt(condition, event.entryTime, [...past, event]), event, true);
    }
  });
  return fired;
}

function levelOf(condition: AlertCondition): [('up' | 'down')[], Decimal] {
  if (condition.kind === 'price') {
    const all = { above: ['up'], below: ['down'], cross: ['up', 'down'] } as const;
    return [[...all[condition.direction]], new Decimal(condition.level)];
  }
  if (condition.kind === 'move') return [['up'], new Decimal(condition.percent)];
  if (condition.kind === 'volume') return [['up'], new Decimal(condition.above)];
  throw new Error(`no oracle for ${condition.kind}`);
}

function wayOf({ hysteresis }: Extract<AlertMode, { kind: 'rearm' }>, level: Decimal): Decimal {
  const value = new Decimal(hysteresis.value);
  return hysteresis.unit === 'distance' ? value : level.abs().times(value).div(100);
}

/** A window is made of 120 parts, and a part is in it while any of it is. */
function inWindow(at: number, now: number, windowMs: number): boolean {
  const part = Math.ceil(windowMs / 120);
  return (Math.floor(at / part) + 1) * part > now - windowMs;
}

function moveAt(
  { direction, windowMs, token }: Extract<AlertCondition, { kind: 'move' }>,
  event: StreamEvent,
  past: readonly StreamEvent[],
): Decimal {
  const before = past.filter(one => one.type === 'price_update' && tokenIn(one) === token);
  const inside = before.filter(one => inWindow(one.entryTime, event.entryTime, windowMs));
  const inForce = before.filter(one => !inside.includes(one)).at(-1);
  const prices = [...(inForce ? [inForce] : []), ...inside, event].map(priceIn);
  const now = priceIn(event);
  const percent = (from: Decimal): Decimal => now.minus(from).abs().times(100).div(from);
  const up = percent(Decimal.min(...prices));
  const down = percent(Decimal.max(...prices));
  return direction === 'up' ? up : direction === 'down' ? down : Decimal.max(up, down);
}

function volumeAt(
  { unit, windowMs, token }: Extract<AlertCondition, { kind: 'volume' }>,
  now: number,
  events: readonly StreamEvent[],
): Decimal {
  return events
    .filter(one => one.type === 'trade_executed' && tokenIn(one) === token)
    .filter(one => inWindow(one.entryTime, now, windowMs))
    .reduce((sum, { data }) => {
      const { amount, price } = data as { amount: string; price: string };
      return sum.plus(unit === 'base' ? amount : new Decimal(amount).times(price));
    }, new Decimal(0));
}

function tokenIn({ data }: StreamEvent): string | undefined {
  const { token, token_pair: pair } = data as { token?: string; token_pair?: string };
  return token ?? pair?.split('/')[0];
}

function priceIn({ data }: StreamEvent): Decimal {
  return new Decimal((data as { price: string }).price);
}
