import { memo, useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { freshnessOf } from '../../shared/freshness.ts';
import { changePercent, directionOf } from '../../shared/price-format.ts';
import type { Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { FRESHNESS_WORDS, productOf, sourceName } from '../state/names.ts';
import { formatAge } from '../time/format-time.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { ChangeText } from './change-text.tsx';
import { PriceText } from './price-text.tsx';
import { Sparkline } from './sparkline.tsx';

export interface WatchlistRowProps {
  token: Token;
  selected: boolean;
  onSelect: (token: Token) => void;
  onMove: (event: KeyboardEvent, token: Token) => void;
}

/** One token of the watchlist. Drawn anew only when its own price changes; age and freshness are written by the ticker. */
export const WatchlistRow = memo(function WatchlistRow({
  token,
  selected,
  onSelect,
  onMove,
}: WatchlistRowProps): ReactElement {
  const { screen } = useServices();
  const price = useStore(screen, state => state.prices.get(token));
  const decimals = useStore(screen, state => state.decimals.get(token) ?? 0);
  const priceCell = useRef<HTMLTableCellElement>(null);
  const changeCell = useRef<HTMLTableCellElement>(null);
  const ageCell = useRef<HTMLTableCellElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = freshnessOf(price, now);
    for (const cell of [priceCell, changeCell, ageCell])
      writeAttribute(cell.current, 'data-freshness', freshness);
    writeText(age.current, price === undefined ? '—' : formatAge(now - price.timestamp));
    writeText(words.current, FRESHNESS_WORDS[freshness]);
  });
  const direction = directionOf(price === undefined ? null : changePercent(price.price, price.dayOpen));
  return (
    <tr
      data-token={token}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      onClick={() => onSelect(token)}
      onKeyDown={event => onMove(event, token)}
    >
      <th scope="row" title={token} aria-label={token}>
        <span className="token">{productOf(token)}</span>
        <span className="token-source" aria-hidden="true">
          {price === undefined ? 'no price yet' : sourceName(price.source)}
        </span>
      </th>
      <td className="number price" ref={priceCell} data-event-id={price?.eventId} data-price={price?.price}>
        {price === undefined ? '—' : <PriceText price={price.price} decimals={decimals} />}
      </td>
      <td className="number" ref={changeCell}>
        <ChangeText price={price} />
      </td>
      <td className="spark">
        <Sparkline token={token} direction={direction} />
      </td>
      <td className="number age-cell" ref={ageCell}>
        <span className="dot" />
        <span className="age" ref={age} />
        <span className="visually-hidden">
          <span ref={words} /> {price === undefined ? '' : sourceName(price.source)}
        </span>
      </td>
    </tr>
  );
});
