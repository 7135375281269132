import type { ReactElement } from 'react';
import { useServices } from '../app/services.ts';
import { zoneName } from '../format/times.ts';
import { useRegion } from '../format/use-region.ts';

/** In the corner of the axes: the zone the marks on the time axis are written in. */
export function ZoneLabel(): ReactElement {
  const { ticker } = useServices();
  const { timeZone } = useRegion();
  return (
    <span
      className="chart-zone"
      aria-hidden="true"
      title={`Times in ${timeZone}; bars begin where UTC cuts them`}
    >
      {zoneName(ticker.now())}
    </span>
  );
}
