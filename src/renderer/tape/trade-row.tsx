import { memo, type ReactElement } from 'react';
import { fullPrice, shortAmount, shortDollars, shortPrice, tableAmount } from '../format/prices.ts';
import type { Trade } from '../state/trade.ts';
import { formatExactly, formatTenths } from '../format/times.ts';
import { useRegion } from '../format/use-region.ts';

const SIDES = { buy: 'Buy', sell: 'Sell' } as const;
const DIRECTIONS = { buy: 'up', sell: 'down' } as const;

/** Words of more letters than these may not fit into their column and are cut there. */
const SHORT = { token: 4, side: 4 };

/** For the style sheet: set where a word may be too long. */
function long(word: string, letters: number): { 'data-long'?: true } {
  return word.length > letters ? { 'data-long': true } : {};
}

/**
 * One trade of the tape. `top` is its place in px; `index` counts from the newest. Its cells are drawn anew only for another
 * trade; `held` says that the tape stands still, and only then can anybody read the exact values that appear on hovering.
 */
export function TradeRow({
  trade,
  top,
  index,
  held,
}: {
  trade: Trade;
  top: number;
  index: number;
  held: boolean;
}): ReactElement {
  return (
    <div
      className="trade"
      role="row"
      aria-rowindex={index + 2}
      data-event-id={trade.eventId}
      data-size={trade.size}
      data-side={trade.side ?? 'other'}
      style={{ top }}
    >
      <TradeCells trade={trade} held={held} />
    </div>
  );
}

const TradeCells = memo(function TradeCells({ trade, held }: { trade: Trade; held: boolean }): ReactElement {
  const { pair, token, side, action, amount, price } = trade;
  useRegion();
  const title = (words: () => string): string | undefined => (held ? words() : undefined);
  return (
    <>
      <span
        role="cell"
        className="trade-time"
        title={title(() => `${formatExactly(trade.at)} · ${trade.channel}`)}
      >
        {formatTenths(trade.at)}
      </span>
      <span role="cell" className="trade-token" {...long(token, SHORT.token)} title={title(() => pair)}>
        {token}
      </span>
      <span
        role="cell"
        className="trade-side"
        {...(side === null ? long(action, SHORT.side) : {})}
        data-direction={side === null ? 'flat' : DIRECTIONS[side]}
        title={title(() => action)}
      >
        {side === null ? action : SIDES[side]}
      </span>
      <span
        role="cell"
        className="number trade-amount"
        title={title(() => amount ?? 'The event says no amount')}
      >
        {amount === null ? '—' : shortAmount(amount)}
      </span>
      <span
        role="cell"
        className="number trade-price"
        title={title(() => (price === null ? 'The event says no price' : fullPrice(price)))}
      >
        {price === null ? '—' : shortPrice(price)}
      </span>
      <span role="cell" className="number trade-value" title={title(() => exactValue(trade))}>
        {valueText(trade)}
        {trade.size === 'large' && <span className="visually-hidden"> large</span>}
      </span>
    </>
  );
});

/** Dollars as `$761`; another quote currency is named instead. */
function valueText({ notional, inDollars, quote }: Trade): string {
  if (notional === null) return '—';
  return inDollars
    ? shortDollars(notional)
    : `${tableAmount(notional.toSignificantDigits(4).toFixed())} ${quote ?? ''}`;
}

function exactValue({ notional, quote }: Trade): string {
  return notional === null
    ? 'Not known without amount and price'
    : `${fullPrice(notional.toFixed())} ${quote ?? 'USD'}`;
}
