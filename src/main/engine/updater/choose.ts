import { Decimal } from 'decimal.js';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Observation } from '../sources/source.ts';

/** Why an observation was not taken: nobody stands behind it now, it is older than what was published, or too far off. */
export type NotChosen = 'expired' | 'old' | 'outlier';

export interface Choice<C> {
  chosen: C | undefined;
  refused: { candidate: C; reason: NotChosen }[];
}

/** An observation, and the venue's time of the price last published from the same source. */
export interface Candidate {
  observation: Observation;
  publishedSourceTime: EpochMs | null;
}

/** How far from the others a price may be, as a part of their median (0.1 = 10 %). */
export const DEFAULT_OUTLIER_BOUND = 0.1;

/**
 * The newest acceptable observation of one token (the life of one price, step 2). Newest: whose price arrived last; among
 * equals the first candidate, so the order of sources decides. With two or more others to compare with, a price further
 * than `outlierBound` from their median is refused.
 */
export function choose<C extends Candidate>(
  candidates: readonly C[],
  { now, outlierBound }: { now: EpochMs; outlierBound: number },
): Choice<C> {
  const refused: Choice<C>['refused'] = [];
  const valid = candidates.filter(candidate => {
    const { observation, publishedSourceTime } = candidate;
    const { sourceTime } = observation;
    const expired = observation.validUntil < now;
    const old = sourceTime !== null && publishedSourceTime !== null && sourceTime < publishedSourceTime;
    if (expired || old) refused.push({ candidate, reason: expired ? 'expired' : 'old' });
    return !expired && !old;
  });
  let chosen: C | undefined;
  for (const candidate of valid) {
    const others = valid.filter(other => other !== candidate).map(other => other.observation.price);
    if (others.length >= 2 && distance(candidate.observation.price, others).gt(outlierBound)) {
      refused.push({ candidate, reason: 'outlier' });
    } else if (chosen === undefined || arrival(candidate) > arrival(chosen)) {
      chosen = candidate;
    }
  }
  return { chosen, refused };
}

function arrival({ observation }: Candidate): EpochMs {
  return observation.receivedAt ?? observation.vouchedAt;
}

/**
 * How far `price` is from the median of the others, as a part of it. The median of an even number of prices is taken as the
 * whole span between the middle two (0 inside it), not as their mean: with three sources, one of them wild, the mean of a
 * good and a wild price would refuse the good ones too.
 */
function distance(price: Decimal, others: readonly Decimal[]): Decimal {
  const sorted = [...others].sort((a, b) => a.cmp(b));
  const low = sorted[Math.ceil(sorted.length / 2) - 1] ?? price;
  const high = sorted[Math.floor(sorted.length / 2)] ?? price;
  if (price.lt(low)) return low.minus(price).div(low);
  return price.gt(high) ? price.minus(high).div(high) : new Decimal(0);
}
