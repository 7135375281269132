import type { DecimalString, EpochMs } from './units.ts';

/**
 * User alerts (R12.3) as they cross between the engine and a screen; part of the contract (`contract.ts`), apart only because
 * of its size. Rules are evaluated in the engine, on every event, whether a window is open or not.
 */

/** What a rule waits for. A `token` of `null` means: any of them, or all together. */
export type AlertCondition =
  | PriceCondition
  | MoveCondition
  | PnlCondition
  | VolumeCondition
  | StaleCondition
  | LagCondition
  | PositionCondition
  | SourceCondition;

export type AlertKind = AlertCondition['kind'];

/** The price reaches a level: `above` from below it, `below` from above it, `cross` from either side. */
export interface PriceCondition {
  kind: 'price';
  token: string;
  direction: 'above' | 'below' | 'cross';
  level: DecimalString;
}

/** The price is this many percent above its lowest (`up`), or below its highest (`down`), of the last `windowMs`. */
export interface MoveCondition {
  kind: 'move';
  token: string;
  direction: 'up' | 'down' | 'either';
  /** Above zero, `"2.5"`. */
  percent: DecimalString;
  windowMs: number;
}

/** A position's profit and loss in dollars reaches a level; with `token: null` that of all positions together. */
export interface PnlCondition {
  kind: 'pnl';
  token: string | null;
  which: 'unrealised' | 'total';
  direction: 'above' | 'below';
  /** May be negative. */
  level: DecimalString;
}

/** Trades of the last `windowMs` add up to more than `above`: tokens (`base`) or what was paid for them (`quote`). */
export interface VolumeCondition {
  kind: 'volume';
  token: string;
  unit: 'base' | 'quote';
  above: DecimalString;
  windowMs: number;
}

/** Nobody has vouched for the token's price for longer than `afterMs`. */
export interface StaleCondition {
  kind: 'stale';
  token: string;
  afterMs: number;
}

/** The desk is more than `aboveMs` behind its streams. */
export interface LagCondition {
  kind: 'lag';
  aboveMs: number;
}

/** A position was opened or closed, or its amount changed by more than `by`. */
export interface PositionCondition {
  kind: 'position';
  token: string | null;
  change: 'opened' | 'closed' | 'changed';
  /** Tokens; zero for any change. Only for `changed`, else zero. */
  by: DecimalString;
}

/** A source that was asked for prices does not give any; `null`: whichever. */
export interface SourceCondition {
  kind: 'source';
  source: string | null;
}

/** After it fired, a rule is done (`once`), or waits until the value has left its level by a distance, and for a while. */
export type AlertMode = { kind: 'once' } | { kind: 'rearm'; hysteresis: AlertHysteresis; cooldownMs: number };

/** How far a value must go back before the rule is armed again: in the value's own unit, or in percent of the level. */
export interface AlertHysteresis {
  unit: 'distance' | 'percent';
  /** Zero or more. */
  value: DecimalString;
}

/** The tones a screen can make. */
export const ALERT_SOUNDS = ['chime', 'bell', 'ping', 'rise', 'fall', 'alarm'] as const;
export type AlertSound = (typeof ALERT_SOUNDS)[number];

/** What the trader decides about a rule. */
export interface AlertDraft {
  /** `null` for a new rule. */
  id: string | null;
  /** Empty: named by what it waits for. */
  name: string;
  condition: AlertCondition;
  enabled: boolean;
  mode: AlertMode;
  /** `null`: silent. */
  sound: AlertSound | null;
  /** A notification of the desktop. */
  notify: boolean;
  note: string;
}

/** A rule as it is kept. */
export interface AlertRule extends AlertDraft {
  id: string;
  /** Until then it is watched, and what it finds is only written down. `null`: not snoozed. */
  snoozedUntil: EpochMs | null;
  createdAt: EpochMs;
  updatedAt: EpochMs;
}

/** `cooling`: fired not long ago. `fired`: done, until it is armed by hand. */
export type AlertState = 'armed' | 'fired' | 'cooling' | 'snoozed' | 'disabled';

/** A rule and how it is doing. */
export interface AlertView {
  rule: AlertRule;
  state: AlertState;
  /** While `cooling` or `snoozed`: until when. */
  until: EpochMs | null;
  /** Armed, and the value has to go back first before it can be reached (the price is above the level already). */
  waiting: boolean;
  lastFiredAt: EpochMs | null;
  /** Deliveries ever, and how many of them made no noise. */
  fired: number;
  suppressed: number;
}

/** Local times of day in which nothing rings. A range whose end is not after its start goes on past midnight. */
export interface QuietHours {
  enabled: boolean;
  /** IANA name, `Europe/Berlin`. */
  zone: string;
  ranges: QuietRange[];
}

export interface QuietRange {
  /** `HH:MM`. */
  from: string;
  to: string;
  /** Days on which it begins, 0 is Sunday; empty: every day. */
  days: number[];
}

/** For all rules together. */
export interface AlertSettings {
  /** Nothing rings until then; `null`: not muted. */
  muteUntil: EpochMs | null;
  quietHours: QuietHours;
}

/** A rule that fired, written down once whatever is delivered again. */
export interface AlertDelivery {
  /** Made of the rule and what caused it, so that the same cause never rings twice. */
  id: string;
  /** Rises by one with each delivery. */
  index: number;
  ruleId: string;
  name: string;
  kind: AlertKind;
  token: string | null;
  /** When it was noticed, and when it happened. */
  at: EpochMs;
  happenedAt: EpochMs;
  /** The event that caused it; `null` when time did (staleness, lag, a source) or for a test. */
  eventId: string | null;
  /** The value that reached the level, a decimal or a few words. */
  value: string;
  /** One sentence for a person. */
  text: string;
  /** It happened while the program was not running. */
  whileAway: boolean;
  test: boolean;
  /** Why it made no noise and no notification; `null`: it did. */
  suppressed: 'mute' | 'quiet hours' | 'snooze' | null;
  sound: AlertSound | null;
  notify: boolean;
  acknowledgedAt: EpochMs | null;
}

/** What a batch says of alerts. Rules come as they change; a snapshot begins anew, and what does not fit follows. */
export interface AlertsView {
  total: number;
  counts: Record<AlertState, number>;
  /** Deliveries nobody has acknowledged, of those kept. */
  unacknowledged: number;
  settings: AlertSettings;
  /** Plain words when rules cannot be kept or were unreadable; `null`: all is well. */
  problem: string | null;
  /** Changed since the last batch that said something of alerts. */
  rules: AlertView[];
  /** Ids of rules that went. */
  removed: string[];
}

/** Rules there can be. */
export const MOST_RULES = 2_000;
/** Deliveries that are kept. */
export const DELIVERIES_KEPT = 1_000;
/** Shortest and longest window of a rule. */
export const WINDOW_MS = { least: 1_000, most: 86_400_000 } as const;

/** What a screen may ask about alerts; part of `Commands`. Unknown ids are refused with `NO_SUCH_ALERT`. */
export interface AlertCommands {
  'alerts.list': { args: Record<string, never>; result: { rules: AlertView[]; settings: AlertSettings } };
  /** Makes or changes a rule, which begins anew if its condition or mode changed. Refused with `BAD_ALERT`, `TOO_MANY_ALERTS`. */
  'alerts.save': { args: { draft: AlertDraft }; result: AlertView };
  'alerts.remove': { args: { ids: string[] }; result: { count: number } };
  'alerts.enable': { args: { ids: string[]; enabled: boolean }; result: { count: number } };
  /** Arms rules that have fired. */
  'alerts.rearm': { args: { ids: string[] }; result: { count: number } };
  /** `ids: null`: all. `until: null` ends it. */
  'alerts.snooze': { args: { ids: string[] | null; until: EpochMs | null }; result: { count: number } };
  'alerts.mute': { args: { until: EpochMs | null }; result: AlertSettings };
  'alerts.quiet': { args: { quietHours: QuietHours }; result: AlertSettings };
  /** Deliveries that were seen; `null`: all. */
  'alerts.acknowledge': { args: { ids: string[] | null }; result: { count: number } };
  /** Newest first, with an index below `before` (`null`: the newest), of one rule or all; at most `limit` (1..500). */
  'alerts.deliveries': {
    args: { before: number | null; limit: number; ruleId: string | null };
    result: AlertDelivery[];
  };
  /** Rings as the rule would, marked as a test. */
  'alerts.test': { args: { id: string }; result: AlertDelivery };
}
