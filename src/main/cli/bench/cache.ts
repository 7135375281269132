import { createPriceCache } from '../../engine/cache/price-cache.ts';
import { keys } from '../../engine/redis/keys.ts';
import { compareLatency, type BenchResult } from './measure.ts';
import type { BenchParts } from './parts.ts';

const TOKENS = ['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY'];

/** Read one and read five prices, beside GET and MGET with JSON.parse by the raw client. Aim: p50 at most 1.15 times. */
export async function benchCache({ pool, raw, clock, metrics, sizes }: BenchParts): Promise<BenchResult[]> {
  const cache = createPriceCache({ pool, clock, metrics, ttlMs: 600_000 });
  await cache.setMany(
    TOKENS.map((token, index) => ({
      token,
      price: `15${index}.2348`,
      timestamp: clock.now(),
      source: 'bench',
    })),
  );
  const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const names = TOKENS.map(keys.price);
  const one = await compareLatency(
    () => cache.get('SOL'),
    async () => parse(await raw.get(keys.price('SOL'))),
    sizes.reads,
  );
  const five = await compareLatency(
    () => cache.getMany(TOKENS),
    async () => (await raw.mget(names)).map(parse),
    sizes.reads,
  );
  return [
    {
      name: 'read_one_p50',
      value: one.ours.p50,
      unit: 'ms',
      baseline: one.raw.p50,
      ratio: one.ours.p50 / one.raw.p50,
    },
    {
      name: 'read_one_mean',
      value: one.ours.mean,
      unit: 'ms',
      baseline: one.raw.mean,
      ratio: one.ours.mean / one.raw.mean,
    },
    {
      name: 'read_one_p99',
      value: one.ours.p99,
      unit: 'ms',
      baseline: one.raw.p99,
      ratio: one.ours.p99 / one.raw.p99,
    },
    {
      name: 'read_five_p50',
      value: five.ours.p50,
      unit: 'ms',
      baseline: five.raw.p50,
      ratio: five.ours.p50 / five.raw.p50,
    },
    {
      name: 'read_five_p99',
      value: five.ours.p99,
      unit: 'ms',
      baseline: five.raw.p99,
      ratio: five.ours.p99 / five.raw.p99,
    },
  ];
}
