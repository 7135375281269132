import { useEffect, useRef, type ReactElement } from 'react';
import { useServices } from '../app/services.ts';
import { writeText } from '../time/ticker.ts';
import type { ChartSession } from './chart-session.ts';
import { barsIn, rangeWords } from './range-words.ts';

/** How often the summary is written anew. */
const EVERY_MS = 1_000;

/** The stretch in view in words, for a screen reader that asks; it is never read out by itself. */
export function RangeSummary({ session, id }: { session: ChartSession; id: string }): ReactElement {
  const { clock } = useServices();
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const write = (): void => {
      const { bars, interval } = session.feed.window;
      writeText(text.current, rangeWords(barsIn(bars, session.chart.span()), interval));
    };
    write();
    return clock.every(EVERY_MS, write);
  }, [session, clock]);
  return <p className="visually-hidden" id={id} ref={text} />;
}
