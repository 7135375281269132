import type { Decimal } from 'decimal.js';
import { useRef, type ReactElement, type ReactNode } from 'react';
import type { PoolView } from '../../shared/contract.ts';
import { freshnessOf } from '../../shared/freshness.ts';
import { tradeCost, type PoolSide } from '../../shared/pool-math.ts';
import { FRESHNESS_WORDS, sourceName } from '../state/names.ts';
import { formatAge, formatMoment } from '../format/times.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { percentText } from './pool-settings.ts';

/** What a row is called: its two tokens, else as it was chosen. */
export function poolName({ tokenA, tokenB, name }: PoolView): string {
  return tokenA === null || tokenB === null ? name : `${tokenA}/${tokenB}`;
}

/** The source as it is shown; an entry of another program lay in the cache. */
export function poolSourceName(pool: PoolView): string {
  const source = pool.state?.source;
  if (source === undefined) return '—';
  return source === 'cache' ? 'Cache' : sourceName(source);
}

/** The pair, and a mark when something is wrong with it. */
export function PoolCell({ pool }: { pool: PoolView }): ReactElement {
  const title = [pool.address ?? 'The venue has not said which pool yet', pool.problem]
    .filter(Boolean)
    .join('. ');
  return (
    <span title={title}>
      <span className="token">{poolName(pool)}</span>
      {pool.problem !== null && (
        <span className="pool-problem">
          <span aria-hidden="true">!</span>
          <span className="visually-hidden">{pool.problem}</span>
        </span>
      )}
    </span>
  );
}

/** A number of the pool's state, as old as the state is. */
export function Aged({
  pool,
  part,
  exact,
  children,
}: {
  pool: PoolView;
  part: string;
  /** All of it, for whoever points at it. */
  exact: string | undefined;
  children: ReactNode;
}): ReactElement {
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => writeAttribute(cell.current, 'data-freshness', freshnessOf(pool.state ?? undefined, now)));
  return (
    <span data-part={part} ref={cell} title={exact ?? pool.problem ?? 'Nothing was heard of this pool yet'}>
      {pool.state === null ? '—' : children}
    </span>
  );
}

/** How far a trade moves the price. Liquidity in ranges makes it the most it can be. */
export function ImpactCell({
  pool,
  size,
  side,
}: {
  pool: PoolView;
  size: Decimal;
  side: PoolSide;
}): ReactElement {
  const cost = tradeCost(pool, size, side);
  if (cost === null)
    return (
      <Aged pool={pool} part="impact" exact={pool.state === null ? undefined : 'The pool is empty'}>
        —
      </Aged>
    );
  const fee = pool.feeRate === null ? 'the fee is not known' : `with the fee ${percentText(cost.cost)}`;
  const atMost = pool.concentrated ? ' At most: its liquidity lies in price ranges.' : '';
  return (
    <Aged pool={pool} part="impact" exact={`${percentText(cost.impact)} from the reserves; ${fee}.${atMost}`}>
      {pool.concentrated && '≤ '}
      {percentText(cost.impact)}
    </Aged>
  );
}

/** How long ago the venue was heard of this pool, and what that means. */
export function PoolAge({ pool }: { pool: PoolView }): ReactElement {
  const { state } = pool;
  const cell = useRef<HTMLSpanElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = freshnessOf(state ?? undefined, now);
    writeAttribute(cell.current, 'data-freshness', freshness);
    writeText(age.current, state === null ? '—' : formatAge(now - state.timestamp));
    writeText(words.current, state === null ? 'no state' : FRESHNESS_WORDS[freshness]);
  });
  const exact = state === null ? undefined : `${poolSourceName(pool)}, ${formatMoment(state.timestamp)}`;
  return (
    <span className="age-cell" data-part="age" ref={cell} title={exact}>
      <span className="dot" />
      <span className="age" ref={age} />
      <span className="visually-hidden">
        <span ref={words} /> {state === null ? '' : poolSourceName(pool)}
      </span>
    </span>
  );
}
