import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { DecimalString } from '../../../shared/contract.ts';
import { parseJsonWithDecimals } from './decimal-json.ts';
import type { ObservedPool, PoolFacts } from './pool-source.ts';
import { tokenOfMint } from './tokens.ts';

/** One pool as Raydium's answer holds it. */
export type RaydiumPool =
  | {
      kind: 'pool';
      facts: PoolFacts;
      mints: readonly [string, string];
      state: Omit<ObservedPool, 'receivedAt' | 'validUntil'>;
    }
  /** Not believed; `address` is `null` when not even that can be read. */
  | { kind: 'refused'; address: string | null; detail: string };

/** What an answer says as a whole. */
export type RaydiumAnswer =
  | { kind: 'pools'; pools: RaydiumPool[] }
  /** `success: false`: Raydium could not answer. */
  | { kind: 'failed'; message: string }
  | { kind: 'malformed' };

const Envelope = z.object({ success: z.boolean(), msg: z.string().nullish(), data: z.unknown().optional() });
/** `pools/info/ids` answers a list with `null` for what it does not know, `pools/info/mint` a page of a list. */
const Data = z.union([
  z.array(z.unknown()),
  z.object({ data: z.array(z.unknown()) }).transform(page => page.data),
]);
const Mint = z.object({ address: z.string().min(1).max(64), symbol: z.string().nullish() });
const Pool = z.object({
  id: z.string().min(1).max(64),
  type: z.string().nullish(),
  mintA: Mint,
  mintB: Mint,
  price: z.string(),
  mintAmountA: z.string(),
  mintAmountB: z.string(),
  feeRate: z.string(),
  tvl: z.string(),
  day: z.object({ volume: z.string() }),
});

/** Reads an answer of `pools/info/ids` or `pools/info/mint`. Numbers are taken as they were written. Never throws. */
export function readRaydium(body: string): RaydiumAnswer {
  let value: unknown;
  try {
    value = parseJsonWithDecimals(body);
  } catch {
    return { kind: 'malformed' };
  }
  const envelope = Envelope.safeParse(value);
  if (!envelope.success) return { kind: 'malformed' };
  if (!envelope.data.success) return { kind: 'failed', message: envelope.data.msg ?? 'no reason given' };
  const data = Data.safeParse(envelope.data.data);
  if (!data.success) return { kind: 'malformed' };
  return { kind: 'pools', pools: data.data.filter(one => one !== null).map(readPool) };
}

function readPool(value: unknown): RaydiumPool {
  const parsed = Pool.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const address = z.object({ id: z.string() }).safeParse(value).data?.id ?? null;
    return { kind: 'refused', address, detail: `${issue?.path.join('.') ?? ''} is missing or no number` };
  }
  const pool = parsed.data;
  const amounts = {
    liquidity: readAmount(pool.tvl),
    reserveA: readAmount(pool.mintAmountA),
    reserveB: readAmount(pool.mintAmountB),
    volume24h: readAmount(pool.day.volume),
    price: readAmount(pool.price),
    feeRate: readAmount(pool.feeRate),
  };
  const wrong = Object.entries(amounts).find(([, amount]) => amount === undefined)?.[0];
  const { feeRate = '', price = '', liquidity = '', reserveA = '', reserveB = '', volume24h = '' } = amounts;
  if (wrong !== undefined || new Decimal(feeRate).gte(1) || new Decimal(price).isZero()) {
    const name = wrong ?? (new Decimal(price).isZero() ? 'price' : 'feeRate');
    return { kind: 'refused', address: pool.id, detail: `${name} cannot be` };
  }
  return {
    kind: 'pool',
    facts: {
      address: pool.id,
      tokenA: symbolOf(pool.mintA),
      tokenB: symbolOf(pool.mintB),
      feeRate,
      concentrated: pool.type === 'Concentrated',
    },
    mints: [pool.mintA.address, pool.mintB.address],
    state: { liquidity, reserveA, reserveB, volume24h, price },
  };
}

/** No real amount is above this: the largest supplies have some 1e15 units. */
const LARGEST = new Decimal('1e24');
const DECIMAL_TEXT = /^\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,2})?$/i;

/** A plain decimal from zero up, exactly as written; `undefined` for anything else. */
function readAmount(text: string): DecimalString | undefined {
  if (!DECIMAL_TEXT.test(text)) return undefined;
  const amount = new Decimal(text);
  return amount.gt(LARGEST) ? undefined : amount.toFixed();
}

/** Our own name of a known mint (`SOL`, where Raydium says `WSOL`), else theirs, else the beginning of the mint. */
function symbolOf({ address, symbol }: z.infer<typeof Mint>): string {
  const said = (symbol ?? '').trim().slice(0, 16);
  return tokenOfMint(address) ?? (said === '' ? `${address.slice(0, 4)}…` : said);
}
