import { useEffect, useState } from 'react';
import type { Link } from '../bridge/link.ts';
import { BUCKETS, type TimeWindow } from './density.ts';

const NONE: readonly number[] = [];
/** The last bar grows while the window stands. */
const AGAIN_MS = 10_000;

/** How much happened in each part of the window; empty until known. Keeps what it has when the engine does not answer. */
export function useDensity(link: Pick<Link, 'invoke'>, { since, until }: TimeWindow): readonly number[] {
  const [counts, setCounts] = useState(NONE);
  useEffect(() => {
    let current = true;
    const load = (): void => {
      link
        .invoke('moment.density', { since: Math.round(since), until: Math.round(until), buckets: BUCKETS })
        .then(answer => {
          if (current) setCounts(answer.counts);
        })
        .catch(() => undefined);
    };
    load();
    const timer = setInterval(load, AGAIN_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [link, since, until]);
  return counts;
}
