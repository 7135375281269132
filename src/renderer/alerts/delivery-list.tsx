import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { AlertDelivery } from '../../shared/alerts.ts';
import { useServices } from '../app/services.ts';
import { formatMoment, formatNear } from '../format/times.ts';
import { toldNumbers } from '../format/told-numbers.ts';

/** What fired, newest first, and why some of it made no noise. */
export function DeliveryList(): ReactElement {
  const { alerts, link, ticker } = useServices();
  const log = useStore(alerts.store, state => state.log);
  const problem = useStore(alerts.store, state => state.logProblem);
  const unacknowledged = useStore(alerts.store, state => state.unacknowledged);
  if (problem !== null) {
    return (
      <div className="pane-empty" role="alert">
        <strong>The log could not be read.</strong> {problem}{' '}
        <button type="button" className="button" onClick={() => void alerts.loadLog()}>
          Try again
        </button>
      </div>
    );
  }
  if (log.length === 0) {
    return (
      <p className="pane-empty">
        <strong>Nothing has fired yet.</strong> Every alert that fires is written down here, also those that
        made no noise.
      </p>
    );
  }
  return (
    <>
      <div className="alert-log-tools">
        <button
          type="button"
          className="button"
          disabled={unacknowledged === 0}
          onClick={() => {
            link
              .invoke('alerts.acknowledge', { ids: null })
              .then(() => alerts.loadLog())
              .catch(() => {});
          }}
        >
          Mark {unacknowledged === 0 ? 'all' : unacknowledged} as seen
        </button>
      </div>
      <ol className="alert-log" aria-label="Alerts that fired">
        {log.map(one => (
          <DeliveryItem key={one.id} delivery={one} now={ticker.now()} />
        ))}
      </ol>
    </>
  );
}

function DeliveryItem({ delivery, now }: { delivery: AlertDelivery; now: number }): ReactElement {
  const { text, name, happenedAt, suppressed, whileAway, test, acknowledgedAt, eventId } = delivery;
  const marks = [
    ...(suppressed === null ? [] : [`silent: ${suppressed}`]),
    ...(whileAway ? ['while away'] : []),
    ...(test ? ['test'] : []),
    ...(acknowledgedAt === null ? ['new'] : []),
  ];
  return (
    <li className="alert-delivery" data-delivery-id={delivery.id} data-event-id={eventId ?? undefined}>
      <time dateTime={new Date(happenedAt).toISOString()} title={formatMoment(happenedAt)}>
        {formatNear(happenedAt, now)}
      </time>
      <span className="alert-text">
        {!text.includes(name) && <strong>{name}: </strong>}
        {toldNumbers(text)}
      </span>
      <span className="alert-marks">
        {marks.map(mark => (
          <span key={mark} className="alert-mark" data-mark={mark}>
            {mark}
          </span>
        ))}
      </span>
    </li>
  );
}
