import { Decimal } from 'decimal.js';
import type { DecimalString, EpochMs } from '../../../shared/contract.ts';
import { TenhertzError } from '../errors.ts';
import { isTime, readObject, readTime } from './cached-value.ts';

/**
 * One pool's state as it lies in `pool:{address}`. On the wire its names are `pool_address`, `liquidity`, `reserve_a`, `reserve_b`,
 * `volume_24h` and `timestamp` (RFC 3339 in UTC with milliseconds).
 */
export interface CachedPool {
  readonly address: string;
  /** In US dollars, as is the volume; reserves are whole units. Plain decimals from zero up, never an exponent. */
  readonly liquidity: DecimalString;
  readonly reserveA: DecimalString;
  readonly reserveB: DecimalString;
  readonly volume24h: DecimalString;
  /** When the source was heard. */
  readonly timestamp: EpochMs;
}

/** Longer than any amount; a longer one is refused instead of carried about. */
const LONGEST_AMOUNT = 100;
const PLAIN_DECIMAL = /^\d+(?:\.\d+)?$/;
const AMOUNTS = [
  ['liquidity', 'liquidity'],
  ['reserveA', 'reserve_a'],
  ['reserveB', 'reserve_b'],
  ['volume24h', 'volume_24h'],
] as const;

/** The JSON of `pool:{address}`. @throws TenhertzError `BAD_POOL` for a state that must not be stored. */
export function encodePool(pool: CachedPool): string {
  const wrong = AMOUNTS.find(([name]) => !isAmount(pool[name]));
  if (pool.address === '' || wrong !== undefined || !isTime(pool.timestamp)) {
    throw new TenhertzError(
      'BAD_POOL',
      `The state of ${pool.address === '' ? 'a pool without an address' : `pool ${pool.address}`} was not stored: ` +
        `it needs a time, and plain decimals from zero up${wrong === undefined ? '' : ` (see ${wrong[1]})`}.`,
      { facts: { ...pool } },
    );
  }
  return JSON.stringify({
    pool_address: pool.address,
    liquidity: pool.liquidity,
    reserve_a: pool.reserveA,
    reserve_b: pool.reserveB,
    volume_24h: pool.volume24h,
    timestamp: new Date(pool.timestamp).toISOString(),
  });
}

/**
 * Reads the JSON of `pool:{address}`, whoever wrote it: amounts may be decimal strings or JSON numbers, `timestamp` RFC 3339 or
 * epoch milliseconds. Answers the reason in words when it is no state of this pool.
 */
export function decodePool(address: string, text: string): CachedPool | string {
  const value = readObject(text);
  if (typeof value === 'string') return value;
  const found: Readonly<Record<string, unknown>> = { ...value };
  if (found['pool_address'] !== address) return 'pool_address is not the one of the key';
  const timestamp = readTime(found['timestamp']);
  if (timestamp === undefined) return 'timestamp is neither RFC 3339 nor epoch milliseconds';
  const amounts = { liquidity: '', reserveA: '', reserveB: '', volume24h: '' };
  for (const [name, onWire] of AMOUNTS) {
    const amount = readAmount(found[onWire]);
    if (amount === undefined) return `${onWire} is not a decimal from zero up`;
    amounts[name] = amount;
  }
  return { address, ...amounts, timestamp };
}

function readAmount(value: unknown): DecimalString | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? new Decimal(value).toFixed() : value;
  return typeof text === 'string' && isAmount(text) ? text : undefined;
}

function isAmount(text: string): boolean {
  return text.length <= LONGEST_AMOUNT && PLAIN_DECIMAL.test(text);
}
