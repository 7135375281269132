import { useEffect, useLayoutEffect, useRef } from 'react';
import { useServices } from '../app/services.ts';
import type { Aging } from './ticker.ts';

/**
 * Calls `write` with engine time at every tick and after every render, outside React: what it writes (text, attributes)
 * must not be drawn by React as well.
 */
export function useAging(write: Aging): void {
  const { ticker } = useServices();
  const latest = useRef(write);
  useLayoutEffect(() => {
    latest.current = write;
    write(ticker.now());
  });
  useEffect(() => ticker.add(now => latest.current(now)), [ticker]);
}
