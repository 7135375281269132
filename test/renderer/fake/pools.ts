import type { EpochMs, MarketMode, PoolView, SourceStatus } from '../../../src/shared/contract.ts';
import type { Scene } from './scene.ts';

/** What the invented pools depend on. */
export interface PoolMoment {
  now: EpochMs;
  kind: Scene['kind'];
  mode: MarketMode;
}

type Row = readonly [
  name: string,
  liquidity: string,
  reserveA: string,
  reserveB: string,
  volume: string,
  price: string,
  fee: string,
];
const ROWS: readonly Row[] = [
  ['SOL/USDC', '18420000.00', '60896.205541', '9210000', '96100000.00', '151.2404', '0.0004'],
  ['RAY/SOL', '4070000', '716528.167', '13457.121', '3880000', '0.018781', '0.0025'],
  ['BONK/SOL', '2930000', '48172865000.5', '9687.801', '7410000', '0.000000201', '0.0025'],
  ['JitoSOL/SOL', '11600000', '30867.74', '38355.01', '5020000', '1.24256', '0.0025'],
];

/** The pools a batch brings: all with a snapshot and then every five seconds, as the venue is asked; else nothing new. */
export function poolsAt(
  moment: PoolMoment & { sent: number; snapshot: boolean; troubleAt: EpochMs | null },
): PoolView[] | null {
  const { now, kind, mode, sent, snapshot, troubleAt } = moment;
  if (kind === 'empty') return snapshot ? [] : null;
  if (!snapshot && (sent % 50 !== 0 || (kind === 'stale' && troubleAt !== null))) return null;
  if (mode === 'recorded') return [];
  const gone = kind === 'no-sources' && mode === 'live';
  const age = mode === 'live' ? 21_000 : 1_000;
  const life = kind === 'stale' ? age + 1_500 : 45_000;
  return ROWS.map(([name, liquidity, reserveA, reserveB, volume24h, price, feeRate], index) => {
    const [tokenA = '', tokenB = ''] = name.split('/');
    const unknown = index === 3 && kind === 'many';
    return {
      name,
      address:
        mode === 'live'
          ? `3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeom${index}`
          : `simulated:${tokenA}-${tokenB}`,
      tokenA,
      tokenB,
      feeRate: gone ? null : feeRate,
      concentrated: index === 0 && mode === 'live',
      state:
        gone || unknown
          ? null
          : {
              ...{ liquidity, reserveA, reserveB, volume24h, price },
              source: mode === 'live' ? 'raydium' : 'simulated',
              timestamp: now - age,
              validUntil: now - age + life,
            },
      problem: gone
        ? 'Raydium cannot be asked: This machine cannot look up the name of the venue. It is tried again.'
        : unknown
          ? 'Raydium does not know this pool.'
          : null,
    };
  });
}

/** Where they come from, as the status says. */
export function poolSourceAt({ now, kind, mode }: PoolMoment): SourceStatus | null {
  if (mode === 'recorded' || kind === 'empty') return null;
  const gone = kind === 'no-sources' && mode === 'live';
  return {
    name: mode === 'live' ? 'raydium' : 'simulated',
    state: gone ? 'down' : 'live',
    message: gone ? 'Raydium cannot be asked: This machine cannot look up the name of the venue.' : null,
    since: now - 60_000,
    lastHeardAt: gone ? null : now - 21_000,
    nextAttemptAt: gone ? now + 9_000 : null,
    attempt: gone ? 3 : 0,
    vouching: gone ? 0 : 4,
    asked: 4,
    refusedProducts: [],
    accepted: 512,
    refused: 0,
  };
}
