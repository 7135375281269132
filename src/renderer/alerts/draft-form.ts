import { Decimal } from 'decimal.js';
import { describeCondition } from '../../shared/alert-words.ts';
import type { AlertCondition, AlertDraft, AlertKind } from '../../shared/alerts.ts';
import type { Token } from '../../shared/contract.ts';
import { signedDecimal } from '../format/prices.ts';
import { decimalFault, readDecimal, typeDecimal } from '../format/typed-decimal.ts';

/** The kinds of rules in the order in which they are offered. */
export const KINDS: readonly { kind: AlertKind; label: string; hint: string }[] = [
  { kind: 'price', label: 'Price', hint: 'The price reaches a level.' },
  { kind: 'move', label: '% move', hint: 'The price moves by a percentage within a window.' },
  { kind: 'pnl', label: 'Profit and loss', hint: 'The PnL of a position, or of all, reaches a level.' },
  { kind: 'volume', label: 'Volume', hint: 'Trades within a window add up to more than an amount.' },
  { kind: 'position', label: 'Position', hint: 'A position is opened, closed, or changes.' },
  { kind: 'stale', label: 'Stale price', hint: 'Nobody vouches for a price for too long.' },
  { kind: 'lag', label: 'Lag', hint: 'The desk falls behind its streams.' },
  { kind: 'source', label: 'Source down', hint: 'A source of prices does not answer.' },
];

/** A condition of a kind to begin with. */
export function firstCondition(kind: AlertKind, token: Token): AlertCondition {
  switch (kind) {
    case 'price':
      return { kind, token, direction: 'cross', level: '' };
    case 'move':
      return { kind, token, direction: 'either', percent: '5', windowMs: 300_000 };
    case 'pnl':
      return { kind, token: null, which: 'total', direction: 'below', level: '' };
    case 'volume':
      return { kind, token, unit: 'quote', above: '100000', windowMs: 60_000 };
    case 'position':
      return { kind, token: null, change: 'opened', by: '0' };
    case 'stale':
      return { kind, token, afterMs: 30_000 };
    case 'lag':
      return { kind, aboveMs: 1_000 };
    case 'source':
      return { kind, source: null };
  }
}

/** A field of the form, and why its content cannot be. */
export type Faults = Readonly<Partial<Record<string, string>>>;

/**
 * Checks a draft as it stands in the form; decimals as they were typed, in the locale's way. Answers the
 * draft to send, or what is wrong with which field.
 */
export function checkDraft(draft: AlertDraft): { draft: AlertDraft; faults: null } | { faults: Faults } {
  const faults: Record<string, string> = {};
  const decimal = (field: string, text: string, least: 'any' | 'zero' | 'above zero'): string => {
    const plain = readDecimal(text);
    if (plain === null) faults[field] = decimalFault(text);
    else if (least === 'above zero' && !new Decimal(plain).gt(0)) faults[field] = 'Must be above zero.';
    else if (least === 'zero' && new Decimal(plain).lt(0)) faults[field] = 'Must not be negative.';
    return plain ?? text;
  };
  const length = (field: string, ms: number, least: number): void => {
    if (!Number.isFinite(ms) || ms < least)
      faults[field] = `Must be at least ${least === 1 ? '1 ms' : '1 s'}.`;
    else if (ms > 86_400_000) faults[field] = 'Must be at most 24 hours.';
  };
  const condition = { ...draft.condition };
  if ('token' in condition && condition.token === '') faults['token'] = 'Choose a token.';
  switch (condition.kind) {
    case 'price':
      condition.level = decimal('level', condition.level, 'above zero');
      break;
    case 'pnl':
      condition.level = decimal('level', condition.level, 'any');
      break;
    case 'move':
      condition.percent = decimal('percent', condition.percent, 'above zero');
      length('window', condition.windowMs, 1_000);
      break;
    case 'volume':
      condition.above = decimal('above', condition.above, 'above zero');
      length('window', condition.windowMs, 1_000);
      break;
    case 'position':
      condition.by = condition.change === 'changed' ? decimal('by', condition.by, 'zero') : '0';
      break;
    case 'stale':
      length('window', condition.afterMs, 1_000);
      break;
    case 'lag':
      length('window', condition.aboveMs, 1);
      break;
    case 'source':
  }
  let { mode } = draft;
  if (mode.kind === 'rearm') {
    const value = decimal('hysteresis', mode.hysteresis.value, 'zero');
    mode = { ...mode, hysteresis: { ...mode.hysteresis, value } };
    if (!(mode.cooldownMs >= 0)) faults['cooldown'] = 'Must not be negative.';
    mode.cooldownMs = Math.round(mode.cooldownMs);
  }
  if (draft.name.length > 120) faults['name'] = 'At most 120 characters.';
  return Object.keys(faults).length > 0 ? { faults } : { draft: { ...draft, condition, mode }, faults: null };
}

/** A draft as it is typed: its decimals with the locale's sign. {@link checkDraft} reads them back. */
export function typeDraft(draft: AlertDraft): AlertDraft {
  const { mode } = draft;
  return {
    ...draft,
    condition: mapDecimals(draft.condition, typeDecimal),
    mode:
      mode.kind === 'rearm'
        ? { ...mode, hysteresis: { ...mode.hysteresis, value: typeDecimal(mode.hysteresis.value) } }
        : mode,
  };
}

/** A condition with each of its decimals written by `write`. */
export function mapDecimals(condition: AlertCondition, write: (plain: string) => string): AlertCondition {
  switch (condition.kind) {
    case 'price':
    case 'pnl':
      return { ...condition, level: write(condition.level) };
    case 'move':
      return { ...condition, percent: write(condition.percent) };
    case 'volume':
      return { ...condition, above: write(condition.above) };
    case 'position':
      return condition.by === '0' ? condition : { ...condition, by: write(condition.by) };
    default:
      return condition;
  }
}

/** What a rule waits for, as a short phrase, with its numbers as the others on the screen. */
export function conditionWords(condition: AlertCondition): string {
  return describeCondition(mapDecimals(condition, signedDecimal));
}

/** Whether a way back and a cooldown mean something: only for values that come and go. */
export function hasHysteresis(kind: AlertKind): boolean {
  return kind === 'price' || kind === 'move' || kind === 'pnl' || kind === 'volume';
}
