import type { ReactElement } from 'react';
import type { PriceView } from '../../shared/contract.ts';
import { changePercent, directionOf } from '../../shared/price-format.ts';
import { formatChange, fullPrice } from '../format/prices.ts';
import { formatMoment } from '../format/times.ts';

/** Change since the UTC day's first price; the title says since when. A dash while that is not known. */
export function DayChange({ price }: { price: PriceView }): ReactElement {
  const change = changePercent(price.price, price.dayOpen);
  const { dayOpen, dayOpenAt } = price;
  const since =
    dayOpen === null || dayOpenAt === null
      ? 'The first price of the day is not known yet'
      : `Since the first price of the day (UTC), ${fullPrice(dayOpen)} at ${formatMoment(dayOpenAt)}`;
  return (
    <span className="change" data-direction={directionOf(change)} title={since}>
      {formatChange(change)}
    </span>
  );
}
