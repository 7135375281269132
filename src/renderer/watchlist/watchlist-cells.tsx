import { useRef, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand/react';
import type { StoreApi } from 'zustand/vanilla';
import type { PastPrices, PriceView, Token } from '../../shared/contract.ts';
import { freshnessOf } from '../../shared/freshness.ts';
import { changePercent, directionOf } from '../../shared/price-format.ts';
import { formatChange, fullPrice } from '../format/prices.ts';
import { useServices } from '../app/services.ts';
import { FRESHNESS_WORDS, productOf, sourceName } from '../state/names.ts';
import { formatAge, formatMoment } from '../format/times.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { ChangeText } from './change-text.tsx';
import type { Past } from './past.ts';
import { PriceText } from './price-text.tsx';
import { Sparkline } from './sparkline.tsx';

/** The token, and under it who says its price. */
export function TokenCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const source = useStore(screen, state => state.prices.get(token)?.source);
  return (
    <>
      <span className="token">{productOf(token)}</span>
      <span className="token-source" aria-hidden="true">
        {source === undefined ? 'no price yet' : sourceName(source)}
      </span>
    </>
  );
}

/** The newest price; carries the exact decimal, the event it came with, and its freshness. */
export function PriceCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const price = useStore(screen, state => state.prices.get(token));
  const decimals = useStore(screen, state => state.decimals.get(token) ?? 0);
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => writeAttribute(cell.current, 'data-freshness', freshnessOf(price, now)));
  return (
    <span className="price" ref={cell} data-event-id={price?.eventId} data-price={price?.price}>
      {price === undefined ? '—' : <PriceText price={price.price} decimals={decimals} />}
    </span>
  );
}

/** Change since the UTC day's first price. */
export function TodayCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const price = useStore(screen, state => state.prices.get(token));
  return (
    <Aged price={price}>
      <ChangeText price={price} />
    </Aged>
  );
}

/** Change over a window; a dash where the engine's candles do not reach back that far. */
export function WindowCell({
  token,
  past,
  part,
}: {
  token: Token;
  past: StoreApi<Past>;
  part: keyof PastPrices;
}): ReactElement {
  const { screen } = useServices();
  const from = useStore(past, state => state[token]?.[part] ?? null);
  const price = useStore(screen, state => state.prices.get(token));
  const change = price === undefined ? null : changePercent(price.price, from);
  const title = from === null ? 'Not known that far back yet' : `From ${fullPrice(from)}`;
  return (
    <Aged price={price}>
      <span className="change" data-direction={directionOf(change)} title={title}>
        {formatChange(change)}
      </span>
    </Aged>
  );
}

/** Carries the freshness of the price it is worked out from. */
function Aged({ price, children }: { price: PriceView | undefined; children: ReactNode }): ReactElement {
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => writeAttribute(cell.current, 'data-freshness', freshnessOf(price, now)));
  return <span ref={cell}>{children}</span>;
}

/** The last five minutes, in the colour of the day. */
export function SparkCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const direction = useStore(screen, state => {
    const price = state.prices.get(token);
    return directionOf(price === undefined ? null : changePercent(price.price, price.dayOpen));
  });
  return <Sparkline key={token} token={token} direction={direction} />;
}

/** How long ago the source vouched for the price, and what that means. */
export function AgeCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const price = useStore(screen, state => state.prices.get(token));
  const cell = useRef<HTMLSpanElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = freshnessOf(price, now);
    writeAttribute(cell.current, 'data-freshness', freshness);
    writeText(age.current, price === undefined ? '—' : formatAge(now - price.timestamp));
    writeText(words.current, FRESHNESS_WORDS[freshness]);
  });
  const exact =
    price === undefined
      ? 'No source has said a price yet'
      : `${sourceName(price.source)}, ${formatMoment(price.timestamp)}`;
  return (
    <span className="age-cell" ref={cell} title={exact}>
      <span className="dot" />
      <span className="age" ref={age} />
      <span className="visually-hidden">
        <span ref={words} /> {price === undefined ? '' : sourceName(price.source)}
      </span>
    </span>
  );
}

/** Who says the price, for whoever wants it in a column of its own. */
export function SourceCell({ token }: { token: Token }): ReactElement {
  const { screen } = useServices();
  const source = useStore(screen, state => state.prices.get(token)?.source);
  return <>{source === undefined ? '—' : sourceName(source)}</>;
}
