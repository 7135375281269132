import type { AlertRule, AlertState, AlertView } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import type { StoredRule } from './arguments.ts';
import type { RuleState } from './kept-state.ts';
import { Threshold, type Side, type ToLevel } from './threshold.ts';

/** A rule with what has to be known to watch for it. */
export interface Watched {
  readonly rule: StoredRule;
  readonly state: RuleState;
  /** `undefined` for rules that are not about a level. */
  readonly threshold: Threshold | undefined;
}

/** What made a rule fire. */
export interface Cause {
  eventId: string | null;
  happenedAt: EpochMs;
  /** From before the rule was looked for in this channel: only what is younger than the rule counts. */
  past: boolean;
  value: string;
}

/** What a watch tells of what it found. */
export interface Findings {
  /** Where a rule stands has changed. */
  moved(watched: Watched): void;
  /** A rule's value reached its level. Called after {@link Findings.moved}. */
  reached(watched: Watched, cause: Cause): void;
}

/** A rule that has not seen anything yet. */
export function newState(rule: StoredRule, at: EpochMs): RuleState {
  return {
    revision: rule.revision,
    armedAt: at,
    side: firstSide(rule),
    done: false,
    coolUntil: 0,
    lastFiredAt: null,
    fired: 0,
    suppressed: 0,
    down: [],
  };
}

/** Levels of prices and profits have to be crossed; the others are zero to begin with, so reaching them is a crossing. */
export function firstSide({ condition }: StoredRule): Side {
  return condition.kind === 'price' || condition.kind === 'pnl' ? 'unseen' : 'below';
}

/** The level a rule waits for; `undefined` for one that has none. */
export function thresholdOf({ condition, mode }: StoredRule): Threshold | undefined {
  const hysteresis = mode.kind === 'rearm' ? mode.hysteresis : undefined;
  switch (condition.kind) {
    case 'price':
    case 'pnl':
      return new Threshold(condition.direction, condition.level, hysteresis);
    case 'move':
      return new Threshold('above', condition.percent, hysteresis);
    case 'volume':
      return new Threshold('above', condition.above, hysteresis);
    case 'stale':
      return new Threshold('above', String(condition.afterMs), hysteresis);
    case 'lag':
      return new Threshold('above', String(condition.aboveMs), hysteresis);
    default:
      return undefined;
  }
}

/** Whether anything could come of looking at the rule. */
export function isActive({ rule, state }: Watched): boolean {
  return rule.enabled && !state.done;
}

/** Moves a rule on by one value and tells what came of it. */
export function stepRule(watched: Watched, toLevel: ToLevel, cause: () => Cause, found: Findings): void {
  const { threshold, state } = watched;
  if (threshold === undefined) return;
  const { side, fired } = threshold.step(state.side, toLevel);
  if (side !== state.side) {
    state.side = side;
    found.moved(watched);
  } else if (fired) found.moved(watched);
  if (fired) found.reached(watched, cause());
}

/** A rule as a screen sees it at `now`. */
export function viewOf({ rule, state }: Watched, now: EpochMs): AlertView {
  const [name, until] = stateAt({ rule, state }, now);
  return {
    rule: shownRule(rule),
    state: name,
    until,
    waiting: name === 'armed' && (state.side === 'unseen' || state.side === 'spent'),
    lastFiredAt: state.lastFiredAt,
    fired: state.fired,
    suppressed: state.suppressed,
  };
}

/** The state of a rule at `now`, and until when it lasts by itself. */
export function stateAt(
  { rule, state }: Pick<Watched, 'rule' | 'state'>,
  now: EpochMs,
): [state: AlertState, until: EpochMs | null] {
  if (!rule.enabled) return ['disabled', null];
  if (state.done) return ['fired', null];
  if (rule.snoozedUntil !== null && now < rule.snoozedUntil) return ['snoozed', rule.snoozedUntil];
  if (now < state.coolUntil) return ['cooling', state.coolUntil];
  return ['armed', null];
}

/** A rule without what only the engine needs. */
function shownRule(rule: StoredRule): AlertRule {
  const { id, name, condition, enabled, mode, sound, notify, note, snoozedUntil, createdAt, updatedAt } =
    rule;
  return { id, name, condition, enabled, mode, sound, notify, note, snoozedUntil, createdAt, updatedAt };
}
