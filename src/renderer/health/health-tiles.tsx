import { useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { TRAIL_KEPT, type TrailPoint } from '../state/screen-state.ts';
import { fixedNumber } from '../format/prices.ts';
import { formatCount, formatMs } from '../format/times.ts';
import { writeAttribute } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { trailPath } from './trail-path.ts';

const WIDTH = 132;
const HEIGHT = 20;

/** A status that is older than this is not current: it comes twice a second. */
const CURRENT_FOR_MS = 2_000;

interface Measure {
  label: string;
  title: string;
  value: (point: TrailPoint) => number | null;
  text: (value: number | null) => string;
}

const MEASURES: readonly Measure[] = [
  {
    label: 'Lag',
    title: 'From the stream entry to its application by the subscription',
    value: point => point.lagMs,
    text: formatMs,
  },
  {
    label: 'Redis round trip',
    title: "Median of the program's own commands",
    value: point => point.redisMs,
    text: formatMs,
  },
  {
    label: 'Events',
    title: 'Events applied a second',
    value: point => point.eventsPerSecond,
    text: value => (value === null ? '—' : `${formatCount(value)} /s`),
  },
  {
    label: 'Batches sent',
    title: 'Batches the engine sends a second',
    value: point => point.batchesPerSecond,
    text: value => (value === null ? '—' : `${fixedNumber(value, 1)} /s`),
  },
];

/** Four measurements of the last half minute, each as a number and a small curve. */
export function HealthTiles(): ReactElement {
  const { screen } = useServices();
  const trail = useStore(screen, state => state.trail);
  return (
    <div className="tiles">
      {MEASURES.map(measure => (
        <Tile key={measure.label} measure={measure} trail={trail} />
      ))}
    </div>
  );
}

function Tile({ measure, trail }: { measure: Measure; trail: readonly TrailPoint[] }): ReactElement {
  const tile = useRef<HTMLDivElement>(null);
  const last = trail.at(-1);
  useAging(now => {
    const freshness =
      last === undefined ? 'unavailable' : now - last.at <= CURRENT_FOR_MS ? 'fresh' : 'stale';
    writeAttribute(tile.current, 'data-freshness', freshness);
  });
  return (
    <div className="tile" ref={tile} title={measure.title}>
      <span className="tile-label">{measure.label}</span>
      <span className="tile-value">{measure.text(last === undefined ? null : measure.value(last))}</span>
      <svg
        width={WIDTH}
        height={HEIGHT}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={trailPath(trail.map(measure.value), TRAIL_KEPT, WIDTH, HEIGHT)} />
      </svg>
    </div>
  );
}
