import { Decimal } from 'decimal.js';
import { memo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { freshnessOf } from '../../shared/freshness.ts';
import { directionOf, formatDollars, fullPrice, tableAmount } from '../../shared/price-format.ts';
import { useServices } from '../app/services.ts';
import { FRESHNESS_WORDS, productOf } from '../state/names.ts';
import { markOf, ownerOf, type Position } from '../state/position.ts';
import { formatAge, formatMoment } from '../time/format-time.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { PriceText } from '../watchlist/price-text.tsx';
import { positionFreshness, valueOf } from './position-values.ts';

/** One position. Drawn anew when it or its token's price changes; ages are written by the ticker. */
export const PositionRow = memo(function PositionRow({
  position,
  withOwner,
}: {
  position: Position;
  /** Say whose it is, because there is more than one channel. */
  withOwner: boolean;
}): ReactElement {
  const { screen } = useServices();
  const { token, channel, amount, pnl } = position;
  const mark = useStore(screen, state => markOf(state.prices, token));
  const decimals = useStore(screen, state =>
    mark === undefined ? 0 : (state.decimals.get(mark.token) ?? 0),
  );
  const amountCell = useRef<HTMLTableCellElement>(null);
  const pnlCell = useRef<HTMLTableCellElement>(null);
  const markCell = useRef<HTMLTableCellElement>(null);
  const valueCell = useRef<HTMLTableCellElement>(null);
  const ageCell = useRef<HTMLTableCellElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  const value = valueOf(position, mark);
  useAging(now => {
    const told = positionFreshness(position, now);
    const marked = freshnessOf(mark, now);
    for (const cell of [amountCell, pnlCell, ageCell]) writeAttribute(cell.current, 'data-freshness', told);
    for (const cell of [markCell, valueCell]) writeAttribute(cell.current, 'data-freshness', marked);
    writeText(age.current, formatAge(now - position.at));
    writeText(words.current, FRESHNESS_WORDS[told]);
  });
  return (
    <tr data-token={token} data-channel={channel} data-event-id={position.eventId}>
      <th scope="row" aria-label={token} title={`${token} in ${channel}`}>
        <span className="token">{productOf(token)}</span>
        {withOwner && (
          <span className="position-owner" aria-hidden="true">
            {ownerOf(channel)}
          </span>
        )}
      </th>
      <td className="number" data-part="amount" ref={amountCell} title={amount ?? undefined}>
        {amount === null ? '—' : tableAmount(amount)}
      </td>
      <td className="number" data-part="pnl" ref={pnlCell} title={pnl ?? undefined}>
        <Pnl pnl={pnl} />
      </td>
      <td className="number position-mark" data-part="mark" ref={markCell} data-price={mark?.price}>
        <span className="dot" />
        {mark === undefined ? '—' : <PriceText price={mark.price} decimals={decimals} />}
      </td>
      <td
        className="number"
        data-part="value"
        ref={valueCell}
        title={value === null ? 'No price to value it with' : fullPrice(value.toFixed())}
      >
        {value === null ? '—' : formatDollars(value)}
      </td>
      <td
        className="number age-cell"
        data-part="age"
        ref={ageCell}
        title={`${channel}, ${formatMoment(position.at)}`}
      >
        <span className="dot" />
        <span className="age" ref={age} />
        <span className="visually-hidden">
          <span ref={words} /> {channel}
        </span>
      </td>
    </tr>
  );
});

function Pnl({ pnl }: { pnl: string | null }): ReactElement {
  if (pnl === null) return <>—</>;
  const amount = new Decimal(pnl);
  return <span data-direction={directionOf(amount)}>{formatDollars(amount, { signed: true })}</span>;
}
