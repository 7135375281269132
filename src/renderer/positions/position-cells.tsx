import type { Decimal } from 'decimal.js';
import { useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { freshnessOf } from '../../shared/freshness.ts';
import type { Holding, Worth } from '../../shared/holdings.ts';
import { directionOf } from '../../shared/price-format.ts';
import { formatDollars, fullPrice, tableAmount } from '../format/prices.ts';
import { useServices } from '../app/services.ts';
import { FRESHNESS_WORDS, productOf } from '../state/names.ts';
import { ownerOf } from '../state/position.ts';
import { formatAge, formatMoment } from '../format/times.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { PriceText } from '../watchlist/price-text.tsx';
import { holdingMark, positionFreshness } from './position-values.ts';
import { worthOf } from '../../shared/holdings.ts';

/** What a money cell shows: dollars, or a number with its currency. */
export function money(amount: Decimal, quote: string | null, signed: boolean): string {
  if (quote === null) return formatDollars(amount, { signed });
  const sign = signed && amount.gt(0) ? '+' : '';
  return `${sign}${tableAmount(amount.toSignificantDigits(8).toFixed())} ${quote}`;
}

/** The token, its currency where it is not dollars, and whose it is where there are several. */
export function TokenCell({ holding, several }: { holding: Holding; several: boolean }): ReactElement {
  const { token, channel, quote, told } = holding;
  return (
    <>
      <span className="token">{productOf(token)}</span>
      {quote !== null && told === null && <span className="position-owner">{quote}</span>}
      {several && (
        <span className="position-owner" aria-hidden="true" title={channel}>
          {ownerOf(channel)}
        </span>
      )}
    </>
  );
}

/** The amount as it was told, or as the trades add up. */
export function AmountCell({ holding }: { holding: Holding }): ReactElement {
  const { told, book, facts } = holding;
  const amount = told === null ? (book?.amount.toFixed() ?? null) : told.amount;
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => writeAttribute(cell.current, 'data-freshness', positionFreshness(holding, now)));
  const partly = told === null && facts !== null && !facts.whole;
  const since = facts === null ? '' : formatMoment(facts.since);
  const title = partly
    ? `${amount ?? ''}, of the trades since ${since}; what was held before is not in it`
    : amount;
  return (
    <span data-part="amount" ref={cell} title={title ?? undefined}>
      {amount === null ? '—' : tableAmount(amount)}
      {partly && (
        <span className="position-partly">
          <span aria-hidden="true">*</span>
          <span className="visually-hidden"> of the trades since {since}</span>
        </span>
      )}
    </span>
  );
}

/** The price the position is marked to, with its freshness. */
export function MarkCell({ holding }: { holding: Holding }): ReactElement {
  const { screen } = useServices();
  const mark = useStore(screen, state => holdingMark(state.prices, holding));
  const decimals = useStore(screen, state =>
    mark === undefined ? 0 : (state.decimals.get(mark.token) ?? 0),
  );
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => writeAttribute(cell.current, 'data-freshness', freshnessOf(mark, now)));
  return (
    <span className="position-mark" data-part="mark" ref={cell} data-price={mark?.price}>
      <span className="dot" />
      {mark === undefined ? '—' : <PriceText price={mark.price} decimals={decimals} />}
    </span>
  );
}

/** Which of the sums a cell shows. */
export type WorthPart = Exclude<keyof Worth, 'amount'>;

/** Which sums depend on the newest price. */
const MARKED: ReadonlySet<WorthPart> = new Set(['value', 'unrealised', 'today', 'pnl']);

/** One of the sums a position comes to. Drawn anew when its token's price changes, and only if the cell depends on it. */
export function WorthCell({ holding, part }: { holding: Holding; part: WorthPart }): ReactElement {
  const { screen, ticker } = useServices();
  const told = part === 'pnl' && (holding.told?.pnl ?? null) !== null;
  const marked = MARKED.has(part) && !told;
  const mark = useStore(screen, state => (marked ? holdingMark(state.prices, holding) : undefined));
  const worth = worthOf(holding, mark, ticker.now())[part];
  const cell = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const needs = marked && holding.book?.amount.isZero() !== true;
    writeAttribute(
      cell.current,
      'data-freshness',
      needs ? freshnessOf(mark, now) : positionFreshness(holding, now),
    );
  });
  const signed = part !== 'value' && part !== 'average';
  const unknown = marked && mark === undefined ? 'No price to value it with' : 'Not known from what was told';
  return (
    <span data-part={part} ref={cell} title={worth === null ? unknown : fullPrice(worth.toFixed())}>
      {worth === null ? (
        '—'
      ) : part === 'average' ? (
        tableAmount(worth.toSignificantDigits(20).toFixed())
      ) : (
        <span {...(signed ? { 'data-direction': directionOf(worth) } : {})}>
          {money(worth, holding.quote, signed)}
        </span>
      )}
    </span>
  );
}

/** How long ago it was told, or its newest trade was. */
export function HoldingAge({ holding }: { holding: Holding }): ReactElement {
  const { channel, at, told } = holding;
  const cell = useRef<HTMLSpanElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = positionFreshness(holding, now);
    writeAttribute(cell.current, 'data-freshness', freshness);
    writeText(age.current, formatAge(now - at));
    writeText(words.current, FRESHNESS_WORDS[freshness]);
  });
  const what = told === null ? `Kept from the trades in ${channel}; the newest` : `Told in ${channel}`;
  return (
    <span className="age-cell" data-part="age" ref={cell} title={`${what}, ${formatMoment(at)}`}>
      <span className="dot" />
      <span className="age" ref={age} />
      <span className="visually-hidden">
        <span ref={words} /> {channel}
      </span>
    </span>
  );
}
