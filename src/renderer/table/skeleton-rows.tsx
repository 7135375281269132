import type { ReactElement } from 'react';

const ROWS = [0, 1, 2, 3, 4];

/** Rows as they will be, under the header that is there already, before the first snapshot says what is in them. */
export function SkeletonRows({
  columns,
}: {
  columns: readonly { readonly id: string; readonly number?: boolean }[];
}): ReactElement[] {
  return ROWS.map(row => (
    <tr key={row} className="skeleton-row" aria-hidden="true">
      {columns.map(({ id, number }) => (
        <td key={id} className={number === true ? 'number' : undefined}>
          <span className="skeleton" />
        </td>
      ))}
    </tr>
  ));
}
