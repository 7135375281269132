import { useMemo, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Bar, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { sparkPath, sparkPoints } from './spark-points.ts';

const NO_BARS: readonly Bar[] = [];
const WIDTH = 76;
const HEIGHT = 22;

/** The last five minutes of a token as a small line. Decoration for those who see it; the change says the same in words. */
export function Sparkline({ token, direction }: { token: Token; direction: string }): ReactElement {
  const { screen, history } = useServices();
  const seconds = useStore(screen, state => state.bars.get(token)) ?? NO_BARS;
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
