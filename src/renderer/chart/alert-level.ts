import { Decimal } from 'decimal.js';
import type { AlertRule, AlertState, PriceCondition } from '../../shared/alerts.ts';
import type { DecimalString } from '../../shared/contract.ts';
import { decimalsOf, exponentOf } from '../../shared/price-format.ts';

/** One press of an arrow key moves a level by one in its fifth significant digit: 151.85 by 0.01, 68,412 by 1. */
const DIGITS = 4;

/**
 * The level after `steps` presses of an arrow key, up (above zero) or down; a tenth of a step is allowed. Never below the
 * smallest step, so a level stays a price.
 */
export function stepLevel(level: DecimalString, steps: number): DecimalString {
  const step = new Decimal(10).pow(exponentOf(level) - DIGITS);
  const least = step.div(10);
  return Decimal.max(least, new Decimal(level).plus(step.times(steps))).toFixed();
}

/** A level as the scale writes it: no more decimals than the scale has, but all that the trader gave. */
export function levelText(level: DecimalString, scaleDecimals: number): DecimalString {
  return new Decimal(level).toFixed(Math.max(scaleDecimals, decimalsOf(level)));
}

/** Which way the price has to go to reach a new level; both ways while there is no price to tell from. */
export function directionTo(
  level: DecimalString,
  price: DecimalString | undefined,
): PriceCondition['direction'] {
  if (price === undefined) return 'cross';
  return new Decimal(level).gte(price) ? 'above' : 'below';
}

const DIRECTIONS: Readonly<Record<PriceCondition['direction'], string>> = {
  above: 'crosses above',
  below: 'crosses below',
  cross: 'crosses',
};

const STATES: Readonly<Record<AlertState, string>> = {
  armed: '',
  fired: 'fired',
  cooling: 'cooling down',
  snoozed: 'snoozed',
  disabled: 'off',
};

/** What stands on an alert's line: its name or what it waits for, and what keeps it from ringing. */
export function lineWords({ name }: AlertRule, condition: PriceCondition, state: AlertState): string {
  const what = name === '' ? DIRECTIONS[condition.direction] : name;
  return STATES[state] === '' ? what : `${what}, ${STATES[state]}`;
}
