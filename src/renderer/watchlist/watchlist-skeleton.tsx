import type { ReactElement } from 'react';

const ROWS = [0, 1, 2, 3, 4];

/** Rows as they will be, before the first snapshot says which tokens there are. */
export function WatchlistSkeleton(): ReactElement[] {
  return ROWS.map(row => (
    <tr key={row} className="skeleton-row" aria-hidden="true">
      <th scope="row">
        <span className="skeleton skeleton-token" />
        <span className="skeleton skeleton-source" />
      </th>
      <td className="number">
        <span className="skeleton skeleton-price" />
      </td>
      <td className="number">
        <span className="skeleton skeleton-change" />
      </td>
      <td className="spark">
        <span className="skeleton skeleton-spark" />
      </td>
      <td className="number">
        <span className="skeleton skeleton-age" />
      </td>
    </tr>
  ));
}
