import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { formatAge, formatMoment } from '../format/times.ts';
import type { Travel } from './travel.ts';

/** Says without a doubt that the screen shows the past, since when, and what of it could not be had. Nothing at `now`. */
export function PastNotice({ travel, now }: { travel: Travel; now: () => number }): ReactElement | null {
  const { when, at, note, error, refused } = useStore(travel.state);
  if (when === 'now') return error === null ? null : <Trouble error={error} />;
  return (
    <div className="strip past-notice" role="status" data-error={error !== null || refused !== null}>
      <strong>This is the past</strong>
      <p title={refused ?? error ?? note ?? undefined}>
        {refused ?? `${formatMoment(at)}, ${formatAge(now() - at)} ago. Nothing on the screen is live.`}
        {error === null ? '' : ` This could not be shown: ${error}`}
        {error === null && note !== null ? ` ${note}` : ''}
      </p>
      <span className="strip-space" />
      <button type="button" className="text-button" onClick={() => travel.backToNow()}>
        Back to now
      </button>
    </div>
  );
}

function Trouble({ error }: { error: string }): ReactElement {
  return (
    <div className="strip past-notice" role="status" data-error="true">
      <p title={error}>The past could not be shown: {error}</p>
    </div>
  );
}
