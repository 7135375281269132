import { Decimal } from 'decimal.js';
import type { DecimalString, EpochMs, FeedEvent } from '../../shared/contract.ts';
import { decimalIn, textIn } from '../../shared/event-data.ts';

/** From this many dollars on a trade is marked as large. */
export const LARGE_FROM = 5_000;

/** What the tape's filter leaves out: trades below this many dollars. */
export const SMALL_BELOW = 100;

/** Quote currencies that are counted as dollars one to one. */
const DOLLARS: ReadonlySet<string> = new Set(['USD', 'USDC', 'USDT']);

const LARGE = new Decimal(LARGE_FROM);
const SMALL = new Decimal(SMALL_BELOW);

/** One `trade_executed` as the tape shows it. What its producer left out is `null`: the trade is shown all the same. */
export interface Trade {
  eventId: string;
  channel: string;
  at: EpochMs;
  /** As the producer wrote it, for instance `SOL/USDC`. */
  pair: string;
  /** The traded token: the pair's first part. */
  token: string;
  /** `null` when the pair names none; it is then taken as dollars. */
  quote: string | null;
  side: 'buy' | 'sell' | null;
  /** The producer's own word for the side. */
  action: string;
  amount: DecimalString | null;
  price: DecimalString | null;
  /** Amount times price in the quote currency. */
  notional: Decimal | null;
  /** Whether the notional is in dollars; only then it can be small or large. */
  inDollars: boolean;
  size: 'small' | 'ordinary' | 'large';
}

/** Reads a trade: data `{id, action, token_pair, amount, price, timestamp}`. Never throws for what the data holds. */
export function tradeOf(event: FeedEvent): Trade {
  const { eventId, channel, timestamp, data } = event;
  const pair = textIn(data, 'token_pair') ?? textIn(data, 'token') ?? '—';
  const [token = pair, quote = null] = pair.split(/[/-]/);
  const action = textIn(data, 'action') ?? textIn(data, 'side') ?? '—';
  const amount = decimalIn(data, 'amount');
  const price = decimalIn(data, 'price');
  const notional = amount === null || price === null ? null : new Decimal(amount).mul(price).abs();
  const inDollars = quote === null || DOLLARS.has(quote.toUpperCase());
  return {
    eventId,
    channel,
    at: timestamp,
    pair,
    token,
    quote,
    side: sideOf(action),
    action,
    amount,
    price,
    notional,
    inDollars,
    size: notional === null || !inDollars ? 'ordinary' : sizeOf(notional),
  };
}

function sideOf(action: string): Trade['side'] {
  const word = action.toLowerCase();
  return word === 'buy' || word === 'sell' ? word : null;
}

function sizeOf(notional: Decimal): Trade['size'] {
  if (notional.gte(LARGE)) return 'large';
  return notional.lt(SMALL) ? 'small' : 'ordinary';
}
