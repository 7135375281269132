import { useRef, type ReactElement } from 'react';
import type { EpochMs } from '../../shared/contract.ts';
import { formatAge } from '../format/times.ts';
import { writeText } from './ticker.ts';
import { useAging } from './use-aging.ts';

/** An age that counts on by itself; `—` when there is nothing to count from. */
export function Age({ since }: { since: EpochMs | null }): ReactElement {
  const text = useRef<HTMLSpanElement>(null);
  useAging(now => writeText(text.current, since === null ? '—' : formatAge(now - since)));
  return <span className="age" ref={text} />;
}

/** The time left until `at`; `now` once it has come. */
export function Until({ at }: { at: EpochMs }): ReactElement {
  const text = useRef<HTMLSpanElement>(null);
  useAging(now => writeText(text.current, at <= now ? 'now' : `in ${formatAge(at - now)}`));
  return <span className="age" ref={text} />;
}
