import type { ReactElement } from 'react';
import type { ChartPhase } from './chart-feed.ts';
import { ChartSkeleton } from './chart-skeleton.tsx';

export interface StageNotesProps {
  phase: ChartPhase;
  /** There is no token to show. */
  empty: boolean;
  /** Why an alert could not be added; `null`: none failed. */
  failedAlert: string | null;
  onRetry: () => void;
}

/** What stands on the chart instead of bars, or beside them when some are missing. */
export function StageNotes({ phase, empty, failedAlert, onRetry }: StageNotesProps): ReactElement {
  const { load } = phase;
  if (empty) return <p className="chart-empty">Nothing to chart: the watchlist is empty.</p>;
  return (
    <>
      {phase.phase === 'loading' && <ChartSkeleton />}
      {phase.phase === 'empty' && (
        <p className="chart-empty">No bars yet. The chart begins with the first price.</p>
      )}
      {phase.phase === 'drawn' && load.busy && (
        <p className="chart-loading" aria-hidden="true">
          Loading older bars
        </p>
      )}
      {load.failed !== null && (
        <p className="chart-message" role="status">
          <span>
            No history ({load.failed.replace(/\.$/, '')}).{' '}
            {phase.phase === 'loading' ? '' : 'The chart fills as prices come. '}
            It is tried again by itself.
          </span>
          <button type="button" className="button" disabled={load.busy} onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      {failedAlert !== null && (
        <p className="chart-message" role="alert">
          The alert was not added: {failedAlert}
        </p>
      )}
    </>
  );
}
