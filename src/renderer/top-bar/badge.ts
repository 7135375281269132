import type { MarketMode } from '../../shared/contract.ts';
import type { Tone } from '../state/names.ts';
import type { Vitals } from '../state/vitals.ts';

/** One badge of the top bar. */
export interface Badge {
  id: 'market' | 'state';
  text: string;
  tone: Tone | 'accent';
  title: string;
}

/**
 * What the top bar claims. LIVE only in a live market with every price fresh and batches coming in; simulated and recorded
 * data are always called so, whatever else is wrong.
 */
export function badgesFor(
  mode: MarketMode | null,
  { connection, counts }: Pick<Vitals, 'connection' | 'counts'>,
  when: 'now' | 'past' = 'now',
): Badge[] {
  const badges: Badge[] = [];
  if (mode === 'simulated') {
    badges.push({
      id: 'market',
      text: 'SIMULATED',
      tone: 'accent',
      title: 'Invented prices of a simulated market',
    });
  }
  if (mode === 'recorded') {
    badges.push({
      id: 'market',
      text: 'RECORDED',
      tone: 'accent',
      title: 'Prices of a recorded session, not of now',
    });
  }
  if (when === 'past')
    return [
      ...badges,
      { id: 'state', text: 'PAST', tone: 'warn', title: 'A moment of the past; nothing is live' },
    ];
  const state = stateBadge(mode, connection, counts);
  return state === null ? badges : [...badges, state];
}

function stateBadge(
  mode: MarketMode | null,
  connection: Vitals['connection'],
  counts: Vitals['counts'],
): Badge | null {
  const badge = (text: string, tone: Badge['tone'], title: string): Badge => ({
    id: 'state',
    text,
    tone,
    title,
  });
  if (connection === 'connecting')
    return badge('CONNECTING', 'busy', 'Waiting for the first batch of the engine');
  if (connection !== 'live')
    return badge('DISCONNECTED', 'bad', 'The engine sends no batches; numbers age by themselves');
  const total = counts.fresh + counts.delayed + counts.stale + counts.unavailable;
  if (total === 0) return badge('NO TOKENS', 'off', 'The watchlist is empty');
  if (counts.unavailable === total) return badge('NO PRICES', 'warn', 'No token has a price yet');
  const priced = total - counts.unavailable;
  if (counts.stale > 0)
    return badge(`STALE ${counts.stale} of ${priced}`, 'warn', 'Nobody vouches for these prices any more');
  if (counts.delayed > 0) {
    return badge(
      `DELAYED ${counts.delayed} of ${priced}`,
      'busy',
      'Older than two seconds, still vouched for',
    );
  }
  return mode === 'live' ? badge('LIVE', 'good', `All ${priced} prices are fresh`) : null;
}
