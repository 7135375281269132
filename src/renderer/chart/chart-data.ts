import type { Bar, EpochMs, Interval } from '../../shared/contract.ts';
import { barStart, foldBars } from '../../shared/bars.ts';

/** A series as it stands on the chart. */
export interface Drawn {
  /** Bars of the chart's interval, oldest first. */
  bars: readonly Bar[];
  /** Start of the newest second that is in them: an older one that comes late must not set the close. */
  lastSecond: EpochMs;
}

/** What the chart has to do to show the next state. */
export type DrawStep =
  { kind: 'nothing' } | { kind: 'set'; bars: readonly Bar[] } | { kind: 'update'; bars: readonly Bar[] };

/** The series of freshly loaded history. */
export function drawnFrom(bars: readonly Bar[]): Drawn {
  return { bars, lastSecond: bars.at(-1)?.time ?? -Infinity };
}

/**
 * Lays changed 1-second bars over a drawn series. Seconds at or after its last bar give single updates; one that belongs
 * before it (late data) makes the chart be set anew, because a chart's series only grows at its end.
 */
export function absorbSeconds(
  drawn: Drawn,
  seconds: readonly Bar[],
  interval: Interval,
): { drawn: Drawn; step: DrawStep } {
  const bars = [...drawn.bars];
  const changed = new Map<EpochMs, Bar>();
  let { lastSecond } = drawn;
  let rebuild = false;
  for (const second of seconds) {
    const start = barStart(second.time, interval);
    let at = bars.length;
    while (at > 0 && (bars[at - 1]?.time ?? -Infinity) > start) at -= 1;
    const before = at > 0 ? bars[at - 1] : undefined;
    const bar = widen(before?.time === start ? before : undefined, second, lastSecond, interval);
    rebuild ||= start < (drawn.bars.at(-1)?.time ?? -Infinity);
    bars.splice(before?.time === start ? at - 1 : at, before?.time === start ? 1 : 0, bar);
    changed.set(start, bar);
    lastSecond = Math.max(lastSecond, second.time);
  }
  return { drawn: { bars, lastSecond }, step: stepFor(bars, [...changed.values()], rebuild) };
}

function stepFor(bars: readonly Bar[], changed: readonly Bar[], rebuild: boolean): DrawStep {
  if (changed.length === 0) return { kind: 'nothing' };
  if (rebuild) return { kind: 'set', bars };
  return { kind: 'update', bars: changed.toSorted((a, b) => a.time - b.time) };
}

/** The bar with one second folded in. A 1-second bar is simply the newest statement of that second. */
function widen(bar: Bar | undefined, second: Bar, lastSecond: EpochMs, interval: Interval): Bar {
  if (interval === '1s' || bar === undefined) return { ...second, time: barStart(second.time, interval) };
  const [folded = second] = foldBars([bar, second], interval);
  return second.time < lastSecond ? { ...folded, close: bar.close } : folded;
}
