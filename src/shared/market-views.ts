import type { DecimalString, EpochMs } from './units.ts';

/** What a trader calls the instrument: a symbol (`SOL`) or `venue:product` (`coinbase:SKL-USD`). */
export type Token = string;

/** Chart intervals. The engine keeps 1 s, 5 s and 1 min bars; the others are folded from them. */
export type Interval = '1s' | '5s' | '15s' | '1m' | '5m' | '15m' | '1h' | '4h' | '1d';

/** The newest price of one token, with everything a screen needs to say how far it can be trusted. */
export interface PriceView {
  token: Token;
  price: DecimalString;
  /** Who says so: `kraken`, `coinbase`, `jupiter`, `simulated`, `recorded:coinbase`. */
  source: string;
  /** When the source last vouched for this price (received it, or confirmed it unchanged). */
  timestamp: EpochMs;
  /** Until when that vouching holds. After it nobody stands behind the price. */
  validUntil: EpochMs;
  /** When the updater published it. */
  publishedAt: EpochMs;
  /** The venue's own time of the price, where it gives one. */
  sourceTime: EpochMs | null;
  /** The day's first price (UTC day) and when it was seen; `null` until known. */
  dayOpen: DecimalString | null;
  dayOpenAt: EpochMs | null;
  eventId: string;
  /** Sequence number in `price-updates`; `null` for an entry of a producer that writes none. */
  sequence: number | null;
}

/** One open-high-low-close bar. `time` is its start. */
export interface Bar {
  time: EpochMs;
  open: DecimalString;
  high: DecimalString;
  low: DecimalString;
  close: DecimalString;
  /** Sum of the amounts traded of the token in the bar; `null` where no trade is known. */
  volume: DecimalString | null;
}

/** A 1-second bar that changed since the window's last batch; longer intervals are folded from these. */
export interface TokenBar extends Bar {
  token: Token;
}

/** An event that is never conflated: each one reaches each window, in order. */
export interface FeedEvent {
  eventId: string;
  channel: string;
  type: string;
  source: string;
  timestamp: EpochMs;
  sequence: number | null;
  data: unknown;
}
