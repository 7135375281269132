import { INTERVAL_MS, barStart, foldBars } from '../../shared/bars.ts';
import type { Bar, EpochMs, Interval, Token } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';

/**
 * The newest bars of a token, oldest first. With a moment `until` (time travel) they are the newest as of then: the bar that
 * was open is put together from finer ones, so that it knows nothing of what came after.
 */
export async function newestBars(
  link: Pick<Link, 'invoke'>,
  {
    token,
    interval,
    limit,
    until,
  }: { token: Token; interval: Interval; limit: number; until: EpochMs | null },
): Promise<readonly Bar[]> {
  if (until === null) {
    const answer = await link.invoke('chart.bars', { tokens: [token], interval, limit });
    return answer[token] ?? [];
  }
  const open = barStart(until, interval);
  const whole = link.invoke('chart.history', { token, interval, before: open, limit });
  const parts = partsOf(interval, open, until).map(async ({ fine, from, before }) => {
    const wanted = Math.max(1, (before - from) / INTERVAL_MS[fine]);
    const answer = await link.invoke('chart.history', { token, interval: fine, before, limit: wanted });
    return answer.bars.filter(bar => bar.time >= from);
  });
  const [{ bars }, ...fine] = await Promise.all([whole, ...parts]);
  return [...bars, ...foldBars(fine.flat(), interval)];
}

/** Finer bars that make up the bar from `open` to `until`: whole minutes where there are many, then seconds. */
function partsOf(
  interval: Interval,
  open: EpochMs,
  until: EpochMs,
): { fine: Interval; from: EpochMs; before: EpochMs }[] {
  const before = barStart(until, '1s') + INTERVAL_MS['1s'];
  if (INTERVAL_MS[interval] <= INTERVAL_MS['1h']) return [{ fine: '1s', from: open, before }];
  const minute = barStart(until, '1m');
  const minutes = { fine: '1m' as const, from: open, before: minute };
  const seconds = { fine: '1s' as const, from: minute, before };
  return minute > open ? [minutes, seconds] : [seconds];
}
