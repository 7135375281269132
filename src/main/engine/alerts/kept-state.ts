import { z } from 'zod';
import type { AlertDelivery } from '../../../shared/alerts.ts';
import type { EpochMs, MarketMode } from '../../../shared/contract.ts';
import type { KeptHolding } from './held.ts';
import type { Side } from './threshold.ts';
import type { KeptPart } from './windows.ts';

/** How far a channel has been looked at: everything up to `position` was, except the numbers in `holes`. */
export interface ChannelMark {
  position: string;
  sequence: number | null;
  holes: [from: number, to: number][];
}

/** What has to be known of a rule to go on where it was. */
export interface RuleState {
  /** Of the rule it belongs to; another one begins anew. */
  revision: number;
  /** When it was made, changed or armed again: what is older is history to it. */
  armedAt: EpochMs;
  side: Side;
  /** Fired, and was to fire once. */
  done: boolean;
  /** Event time until which it does not fire again. */
  coolUntil: EpochMs;
  lastFiredAt: EpochMs | null;
  fired: number;
  suppressed: number;
  /** For rules about sources: which were down. */
  down: string[];
}

/**
 * What changed, as one line of the journal; everything in it is the new value, so a line that is read twice changes nothing.
 * A state in full has the same shape.
 */
export interface Changes {
  /** The state in full: what was before it no longer counts. */
  full?: boolean;
  channels?: Record<string, ChannelMark>;
  rules?: Record<string, RuleState | null>;
  /** By name of the window; `null`: no rule needs it any more. */
  windows?: Record<string, KeptPart[] | null>;
  /** Whether the prices of a token are live, simulated or recorded. */
  markets?: Record<string, MarketMode>;
  held?: Record<string, KeptHolding>;
  /** Whether {@link Changes.held} is all there is to know of positions. */
  holds?: boolean;
  deliveries?: AlertDelivery[];
  /** Deliveries that were acknowledged: up to an index, or by id. */
  acknowledged?: { at: EpochMs; ids: string[] | null };
}

const record = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const time = z.number();
const part = z.tuple([time], z.string());
const texts = z.record(z.string(), z.union([z.string(), z.number()]));

const delivery = z.looseObject({
  id: z.string(),
  index: z.int().nonnegative(),
  ruleId: z.string(),
  at: time,
  happenedAt: time,
  acknowledgedAt: time.nullable(),
});

/** The shape of a line; what is read from disk is checked against it before anything relies on it. */
export const changesShape = z.object({
  full: z.boolean().optional(),
  channels: record(
    z.object({
      position: z.string().regex(/^\d{1,20}-\d{1,20}$/),
      sequence: z.number().nullable(),
      holes: z.array(z.tuple([z.number(), z.number()])),
    }),
  ).optional(),
  rules: record(
    z
      .object({
        revision: z.int(),
        armedAt: time,
        side: z.enum(['unseen', 'below', 'above', 'spent']),
        done: z.boolean(),
        coolUntil: time,
        lastFiredAt: time.nullable(),
        fired: z.int(),
        suppressed: z.int(),
        down: z.array(z.string()),
      })
      .nullable(),
  ).optional(),
  windows: record(z.array(part).nullable()).optional(),
  markets: record(z.enum(['live', 'simulated', 'recorded'])).optional(),
  held: record(
    z.union([
      z.object({ reported: z.object({ amount: z.string(), pnl: z.string().nullable() }) }),
      z.object({ book: texts }),
    ]),
  ).optional(),
  holds: z.boolean().optional(),
  deliveries: z.array(delivery).optional(),
  acknowledged: z.object({ at: time, ids: z.array(z.string()).nullable() }).optional(),
});
