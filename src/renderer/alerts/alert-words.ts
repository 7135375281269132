import type { AlertState } from '../../shared/alerts.ts';

/** `2 alerts armed`, with how many of them rest; what the top bar and the pane's title say. */
export function alertCountWords(counts: Readonly<Record<AlertState, number>>, total: number): string {
  if (total === 0) return 'no alerts';
  const watched = counts.armed + counts.cooling;
  const more = [
    ...(counts.fired > 0 ? [`${counts.fired} fired`] : []),
    ...(counts.snoozed > 0 ? [`${counts.snoozed} snoozed`] : []),
  ];
  return [`${watched} ${watched === 1 ? 'alert' : 'alerts'} armed`, ...more].join(', ');
}
