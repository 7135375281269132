import { useMemo, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useStoreWithEqualityFn } from 'zustand/traditional';
import type { Bar, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { sparkPath, sparkPoints } from './spark-points.ts';

const NO_BARS: readonly Bar[] = [];
const WIDTH = 76;
const HEIGHT = 22;

/** A pixel of the line is some four seconds, so it is drawn anew once a second, however often the price moves. */
function isSameSecond(before: readonly Bar[], after: readonly Bar[]): boolean {
  return before === after || (before.length > 0 && before.at(-1)?.time === after.at(-1)?.time);
}

/**
 * The last five minutes of a token as a small line. Decoration for those who see it; the change says the same in words. For
 * another token it is another element.
 */
export function Sparkline({ token, direction }: { token: Token; direction: string }): ReactElement {
  const { screen, history } = useServices();
  const seconds = useStoreWithEqualityFn(screen, state => state.bars.get(token) ?? NO_BARS, isSameSecond);
  const past = useStore(history, state => state.fiveSeconds[token]) ?? NO_BARS;
  const path = useMemo(() => sparkPath(sparkPoints(past, seconds), WIDTH, HEIGHT), [past, seconds]);
  return (
    <svg
      className="sparkline"
      data-direction={direction}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
