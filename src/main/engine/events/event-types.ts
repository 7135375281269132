import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { EpochMs } from '../../../shared/contract.ts';
import { TenhertzError } from '../errors.ts';
import { timestampOf } from './decode.ts';

/** A decimal as a publisher may hand it over; it is written as a plain decimal text. */
export type DecimalInput = string | number;
/** RFC 3339 or epoch ms; the event's own time when left out. */
export type TimeInput = string | EpochMs;

/** What the four event types of R4.4 carry. Further members are passed on as they are. */
export interface EventData {
  price_update: { token: string; price: DecimalInput; timestamp?: TimeInput };
  trade_executed: {
    id: string;
    action: string;
    token_pair: string;
    amount: DecimalInput;
    price: DecimalInput;
    timestamp?: TimeInput;
  };
  position_update: { token: string; amount: DecimalInput; pnl: DecimalInput; timestamp?: TimeInput };
  system_status: { component: string; status: string; message: string; timestamp?: TimeInput };
}

export type KnownType = keyof EventData;

/** The data an event of type `T` carries; anything for a type that is not one of the four. */
export type DataOf<T extends string> = T extends KnownType ? EventData[T] : unknown;

const MAX_DIGITS = 64;
/** Beyond these a number is a mistake (1e400); the readers refuse it too. */
const HIGHEST = new Decimal('1e30');
const LOWEST = new Decimal('1e-30');
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d{1,4})?$/;
const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;

const name = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(128, 'must have at most 128 characters');
const text = z.string('must be a text').max(10_000, 'must have at most 10,000 characters');
const time = z
  .union([z.string(), z.number()], 'must be RFC 3339 or epoch milliseconds')
  .refine(value => !Number.isNaN(timestampOf(value) ?? Number.NaN), 'must be RFC 3339 or epoch milliseconds')
  .optional();

const SCHEMAS: Record<KnownType, z.ZodType<Record<string, unknown>>> = {
  price_update: z.looseObject({ token: name, price: decimal('above zero'), timestamp: time }),
  trade_executed: z.looseObject({
    id: name,
    action: name,
    token_pair: name,
    amount: decimal('above zero'),
    price: decimal('above zero'),
    timestamp: time,
  }),
  position_update: z.looseObject({
    token: name,
    amount: decimal('of any sign'),
    pnl: decimal('of any sign'),
    timestamp: time,
  }),
  system_status: z.looseObject({ component: name, status: name, message: text, timestamp: time }),
};

/**
 * Checks the data of one of the four known types and gives it as it is to be written: decimals as plain texts, `timestamp`
 * filled in with `at` when it was left out. Data of any other type passes through as it is.
 *
 * @throws TenhertzError `BAD_EVENT` (exit code 2) whose facts and message name the field, for instance `data.price`.
 */
export function checkData(type: string, data: unknown, at: EpochMs): unknown {
  if (!isKnownType(type)) return data;
  const parsed = SCHEMAS[type].safeParse(data);
  if (parsed.success) {
    const { timestamp } = parsed.data;
    return timestamp === undefined ? { ...parsed.data, timestamp: new Date(at).toISOString() } : parsed.data;
  }
  const issue = parsed.error.issues[0];
  const field = ['data', ...(issue?.path ?? [])].join('.');
  const problem = issue?.path.length === 0 ? 'must be an object' : (issue?.message ?? 'is not valid');
  throw new TenhertzError('BAD_EVENT', `This ${type} cannot be published: ${field} ${problem}.`, {
    exitCode: 2,
    facts: { field },
  });
}

function isKnownType(type: string): type is KnownType {
  return Object.hasOwn(SCHEMAS, type);
}

/** A decimal within reason, given as text or number, as a plain decimal text. */
function decimal(sign: 'above zero' | 'of any sign') {
  const problem = `must be a decimal ${sign}, such as "0.00001234"`;
  return z.union([z.string(), z.number()], problem).transform((value, context): string => {
    const written = String(value);
    const number =
      written.length <= MAX_DIGITS && DECIMAL.test(written) ? new Decimal(written) : new Decimal(Number.NaN);
    const size = number.abs();
    const fits = number.isFinite() && (number.isZero() || (size.gte(LOWEST) && size.lte(HIGHEST)));
    if (!fits || (sign === 'above zero' && number.lte(0))) {
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    }
    return PLAIN.test(written) ? written : number.toFixed();
  });
}
