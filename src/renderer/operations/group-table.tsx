import type { ReactElement } from 'react';
import type { GroupView } from '../../shared/contract.ts';
import { Age } from '../time/age.tsx';
import { formatAge, formatCount } from '../format/times.ts';

/** The consumer groups of a stream: how far each one is. */
export function GroupTable({ groups }: { groups: readonly GroupView[] }): ReactElement {
  if (groups.length === 0) return <p className="pane-empty">No consumer group reads this stream.</p>;
  return (
    <div className="groups-scroll" tabIndex={0} role="group" aria-label="Consumer groups, all rows">
      <table className="compact-table groups" aria-label="Consumer groups">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="number">
              Consumers
            </th>
            <th scope="col" className="number" title="Given to it and not acknowledged">
              Pending
            </th>
            <th scope="col" className="number">
              Oldest pending
            </th>
            <th scope="col" className="number" title="Not given to it yet">
              Behind
            </th>
            <th scope="col" className="number" title="Since an entry was given to it">
              Last given
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map(group => (
            <tr key={group.name} data-group={group.name} data-own={group.own}>
              <th scope="row" title={group.name}>
                {group.name}
                {group.own && <span className="own">this desk</span>}
              </th>
              <td className="number">{formatCount(group.consumers)}</td>
              <td className="number">{formatCount(group.pending)}</td>
              <td className="number">
                {group.oldestPendingMs === null ? '—' : formatAge(group.oldestPendingMs)}
              </td>
              <td className="number">{group.behind === null ? 'not counted' : formatCount(group.behind)}</td>
              <td className="number second">
                <Age since={group.lastDeliveredAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
