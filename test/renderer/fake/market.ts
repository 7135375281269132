import type { Bar, DecimalString, EpochMs } from '../../../src/shared/contract.ts';

/** One invented instrument. */
export interface Market {
  token: string;
  base: number;
  decimals: number;
  source: string;
  open: DecimalString;
}

/** The five usual tokens, priced as in the drawings. */
export const MARKETS: readonly Market[] = [
  { token: 'SOL', base: 151.2348, decimals: 4, source: 'kraken', open: '146.2300' },
  { token: 'USDC', base: 0.99987, decimals: 5, source: 'kraken', open: '0.99997' },
  { token: 'BONK', base: 0.0000030412, decimals: 10, source: 'jupiter', open: '0.0000030976' },
  { token: 'JitoSOL', base: 187.9012, decimals: 4, source: 'coinbase', open: '181.5100' },
  { token: 'RAY', base: 2.8411, decimals: 4, source: 'kraken', open: '2.8479' },
];

/** Period in seconds and weight of each layer of noise. */
const LAYERS = [
  [3_600, 9],
  [900, 4],
  [240, 2.2],
  [60, 1.1],
  [14, 0.55],
  [3, 0.3],
  [1, 0.16],
] as const;

/** A believable price that is a pure function of time: smooth value noise over several periods. */
export function priceAt(market: Market, at: EpochMs): DecimalString {
  const swing = market.token === 'USDC' ? 0.00002 : 0.0022;
  return (market.base * (1 + swing * noise(market.token, at))).toFixed(market.decimals);
}

/** The bar that starts at `time`, as far as it is at `until`. */
export function barAt(market: Market, time: EpochMs, until: EpochMs): Bar {
  const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const prices = steps.map(step => priceAt(market, time + (Math.max(8, until - time) * step) / 8));
  const sorted = prices.toSorted((a, b) => Number(a) - Number(b));
  return {
    time,
    open: prices[0] ?? '0',
    high: sorted.at(-1) ?? '0',
    low: sorted[0] ?? '0',
    close: prices.at(-1) ?? '0',
    volume: volumeAt(market, time, until),
  };
}

/** What was traded of it in those seconds; nothing in about a third of the bars of a second. */
function volumeAt({ token, base }: Market, time: EpochMs, until: EpochMs): DecimalString | null {
  const seconds = Math.max(1, Math.round((until - time) / 1_000));
  const busy = hash(`${token}/volume`, Math.floor(time / 1_000)) + 0.5;
  if (seconds === 1 && busy < 0.35) return null;
  return ((400 * seconds * (0.2 + busy)) / base).toFixed(3);
}

function noise(token: string, at: EpochMs): number {
  let sum = 0;
  for (const [period, weight] of LAYERS) {
    const place = at / 1000 / period;
    const whole = Math.floor(place);
    const part = place - whole;
    const ease = part * part * (3 - 2 * part);
    const name = `${token}${period}`;
    sum += weight * (hash(name, whole) * (1 - ease) + hash(name, whole + 1) * ease);
  }
  return sum;
}

/** An even spread over [-0.5, 0.5) that is the same for the same text and number. */
function hash(text: string, at: number): number {
  let value = Math.imul(at ^ 0x9e3779b9, 2654435761);
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  value ^= value >>> 15;
  return ((Math.imul(value, 2246822519) >>> 0) % 100000) / 100000 - 0.5;
}
