import type { ReactElement } from 'react';

const BARS = Array.from({ length: 36 }, (_, index) => {
  const middle = 50 + 16 * Math.sin(index / 4.5) + 7 * Math.sin(index / 1.7);
  return { x: index * 10 + 3, y: middle, height: 8 + 6 * Math.abs(Math.sin(index * 1.3)) };
});

/** The outline of a chart, until the first bars are known. */
export function ChartSkeleton(): ReactElement {
  return (
    <svg className="chart-skeleton" viewBox="0 0 366 100" preserveAspectRatio="none" aria-hidden="true">
      {BARS.map(({ x, y, height }) => (
        <rect key={x} x={x} y={y - height / 2} width="6" height={height} rx="0.6" />
      ))}
    </svg>
  );
}
