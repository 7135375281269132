import { z } from 'zod';
import {
  ALERT_SOUNDS,
  WINDOW_MS,
  type AlertCommands,
  type AlertCondition,
  type AlertDraft,
  type AlertSettings,
  type QuietHours,
} from '../../../shared/alerts.ts';
import { isZone } from './quiet.ts';

/** Plain decimals only: what a rule is compared with is kept as it was written. */
const MOST_DIGITS = 40;
const decimal = z
  .string()
  .max(MOST_DIGITS, `must have at most ${MOST_DIGITS} digits`)
  .regex(/^-?(0|[1-9]\d{0,29})(\.\d{1,30})?$/, 'must be a plain decimal such as "150.25"');
const aboveZero = decimal.refine(text => !text.startsWith('-') && /[1-9]/.test(text), 'must be above zero');
const zeroOrMore = decimal.refine(text => !text.startsWith('-'), 'must not be negative');
const token = z.string().min(1, 'names no token').max(64);
const name = z.string().max(120);
const windowMs = z.int().min(WINDOW_MS.least).max(WINDOW_MS.most);
const time = z.int().nonnegative().max(253_402_300_799_999);
const id = z.string().min(1).max(64);
const ids = z.array(id).min(1).max(5_000);

const condition: z.ZodType<AlertCondition> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('price'),
    token,
    direction: z.enum(['above', 'below', 'cross']),
    level: aboveZero,
  }),
  z.strictObject({
    kind: z.literal('move'),
    token,
    direction: z.enum(['up', 'down', 'either']),
    percent: aboveZero,
    windowMs,
  }),
  z.strictObject({
    kind: z.literal('pnl'),
    token: token.nullable(),
    which: z.enum(['unrealised', 'total']),
    direction: z.enum(['above', 'below']),
    level: decimal,
  }),
  z.strictObject({
    kind: z.literal('volume'),
    token,
    unit: z.enum(['base', 'quote']),
    above: aboveZero,
    windowMs,
  }),
  z.strictObject({ kind: z.literal('stale'), token, afterMs: windowMs }),
  z.strictObject({ kind: z.literal('lag'), aboveMs: z.int().min(1).max(WINDOW_MS.most) }),
  z.strictObject({
    kind: z.literal('position'),
    token: token.nullable(),
    change: z.enum(['opened', 'closed', 'changed']),
    by: zeroOrMore,
  }),
  z.strictObject({ kind: z.literal('source'), source: z.string().min(1).max(64).nullable() }),
]);

const mode = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }),
  z.strictObject({
    kind: z.literal('rearm'),
    hysteresis: z.strictObject({ unit: z.enum(['distance', 'percent']), value: zeroOrMore }),
    cooldownMs: z
      .int()
      .min(0)
      .max(30 * WINDOW_MS.most),
  }),
]);

const draftShape = {
  name,
  condition,
  enabled: z.boolean(),
  mode,
  sound: z.enum(ALERT_SOUNDS).nullable(),
  notify: z.boolean(),
  note: z.string().max(2_000),
};

const draft: z.ZodType<AlertDraft> = z.strictObject({ id: id.nullable(), ...draftShape });

/** A rule as the rules' file holds it; `revision` rises when what it waits for changes. */
export const storedRule = z.strictObject({
  id,
  ...draftShape,
  snoozedUntil: time.nullable(),
  createdAt: time,
  updatedAt: time,
  revision: z.int().nonnegative(),
});
export type StoredRule = z.infer<typeof storedRule>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');
const quietHours: z.ZodType<QuietHours> = z.strictObject({
  enabled: z.boolean(),
  zone: z.string().max(64).refine(isZone, 'is no time zone such as Europe/Berlin'),
  ranges: z
    .array(z.strictObject({ from: clockTime, to: clockTime, days: z.array(z.int().min(0).max(6)).max(7) }))
    .max(20),
});

/** What holds for all rules together, as the rules' file holds it. */
export const storedSettings: z.ZodType<AlertSettings> = z.strictObject({
  muteUntil: time.nullable(),
  quietHours,
});

/** What each command about alerts accepts. */
export const ALERT_ARGUMENTS = {
  'alerts.list': z.strictObject({}),
  'alerts.save': z.strictObject({ draft }),
  'alerts.remove': z.strictObject({ ids }),
  'alerts.enable': z.strictObject({ ids, enabled: z.boolean() }),
  'alerts.rearm': z.strictObject({ ids }),
  'alerts.snooze': z.strictObject({ ids: ids.nullable(), until: time.nullable() }),
  'alerts.mute': z.strictObject({ until: time.nullable() }),
  'alerts.quiet': z.strictObject({ quietHours }),
  'alerts.acknowledge': z.strictObject({ ids: z.array(z.string().min(1).max(512)).max(5_000).nullable() }),
  'alerts.deliveries': z.strictObject({
    before: z.int().nonnegative().nullable(),
    limit: z.int().min(1).max(500),
    ruleId: id.nullable(),
  }),
  'alerts.test': z.strictObject({ id }),
} satisfies { [C in keyof AlertCommands]: z.ZodType<AlertCommands[C]['args']> };
