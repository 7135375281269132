import type { ReactElement } from 'react';

const ROWS = [0, 1, 2, 3, 4];

/** Rows as they will be, before the first snapshot says what is in them. */
export function SkeletonRows({ label, rowHeight }: { label: string; rowHeight: number }): ReactElement {
  return (
    <div
      className="skeleton-rows"
      role="status"
      aria-busy="true"
      aria-label={`${label}: waiting for the engine`}
    >
      {ROWS.map(row => (
        <div key={row} className="skeleton-row" style={{ height: `${rowHeight}px` }} aria-hidden="true">
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}
