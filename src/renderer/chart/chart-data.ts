import type { Bar, DecimalString, EpochMs, Interval } from '../../shared/contract.ts';
import { Decimal } from 'decimal.js';
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
 *
 * @param before the seconds as they were when they were laid over last: their volume is in the bars already
 */
export function absorbSeconds(
  drawn: Drawn,
  seconds: readonly Bar[],
  interval: Interval,
  before: readonly Bar[] = [],
): { drawn: Drawn; step: DrawStep } {
  const bars = [...drawn.bars];
  const changed = new Map<EpochMs, Bar>();
  let { lastSecond } = drawn;
  let rebuild = false;
  for (const second of seconds) {
    const start = barStart(second.time, interval);
    let at = bars.length;
    while (at > 0 && (bars[at - 1]?.time ?? -Infinity) > start) at -= 1;
    const last = at > 0 ? bars[at - 1] : undefined;
    const own = last?.time === start ? last : undefined;
    const known = before.findLast(({ time }) => time === second.time);
    const bar = interval === '1s' ? second : widen(own, second, known, lastSecond, interval);
    rebuild ||= start < (drawn.bars.at(-1)?.time ?? -Infinity);
    bars.splice(own === undefined ? at : at - 1, own === undefined ? 0 : 1, bar);
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

/** The bar with one second folded in; `known` is what it was folded in as before. */
function widen(
  bar: Bar | undefined,
  second: Bar,
  known: Bar | undefined,
  lastSecond: EpochMs,
  interval: Interval,
): Bar {
  const more = { ...second, volume: grownVolume(known, second) };
  const [folded = more] = foldBars(bar === undefined ? [more] : [bar, more], interval);
  return bar !== undefined && second.time < lastSecond ? { ...folded, close: bar.close } : folded;
}

/** What was traded in a second since it was told last. */
function grownVolume(known: Bar | undefined, second: Bar): DecimalString | null {
  if (known === undefined || known.volume === null || second.volume === null) return second.volume;
  return new Decimal(second.volume).minus(known.volume).toFixed();
}
