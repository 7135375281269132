/**
 * The one contract between the engine and a screen, whichever host stands between them (Electron IPC or the gateway's
 * WebSocket). Two maps, {@link Commands} and {@link Events}; every other signature is derived from them.
 *
 * Units: every time is epoch milliseconds on the engine's clock; every price or amount is a plain decimal string.
 */

import type { AlertCommands, AlertDelivery, AlertsView } from './alerts.ts';
import type { DecimalString, EpochMs } from './units.ts';
import type { DeadLetterView, EntryView, StreamsView } from './event-views.ts';
import type { BookView } from './book-view.ts';
import type { DeskCommands } from './desk.ts';
import type { MomentCommands } from './moments.ts';
import type { StatusView } from './status-views.ts';
import type { TokenCommands } from './tokens.ts';

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

/** One update of the screen. At most one unconfirmed batch per window is under way at any time. */
export interface Batch {
  /** Rises with every tick of the feed; a window that was slow skips numbers. */
  seq: number;
  /** A snapshot replaces everything the window knows; an update adds to it. */
  kind: 'snapshot' | 'update';
  at: EpochMs;
  prices: PriceView[];
  bars: TokenBar[];
  events: FeedEvent[];
  /** In a snapshot: the newest `position_update` of each token in each channel, however long ago; else empty. */
  positions: FeedEvent[];
  /** Positions kept from trades that changed since the window's last batch; in a snapshot all of them, as far as they fit. */
  books: BookView[];
  /** `null`: unchanged since the last one sent. */
  status: StatusView | null;
  /** `null`: unchanged since the last one sent. */
  alerts: AlertsView | null;
  /** Alerts that fired: each once to each window, in order. A snapshot goes on where the window was; the past is asked for. */
  deliveries: AlertDelivery[];
  /** Events this window can no longer be given one by one (its queue overflowed before this snapshot). */
  missed: number;
}

export interface AppInfo {
  name: string;
  version: string;
  host: 'desktop' | 'gateway';
  startedAt: EpochMs;
}

/** What a screen may ask of the engine. Arguments are checked at one door; a bad one gets a coded refusal. */
export interface Commands extends AlertCommands, TokenCommands, MomentCommands, DeskCommands {
  'app.info': { args: Record<string, never>; result: AppInfo };
  /** (Re)starts the batches to this window with a snapshot. */
  'feed.follow': { args: Record<string, never>; result: null };
  /** The window has painted batch `seq`; the next may come. */
  'feed.confirm': { args: { seq: number }; result: null };
  /** Bars oldest first, at most `limit` (1..5000) per token; an unknown token answers an empty list. */
  'chart.bars': {
    args: { tokens: Token[]; interval: Interval; limit: number };
    result: Record<Token, Bar[]>;
  };
  /**
   * The newest bars that start before `before`, oldest first, at most `limit` (1..5000): from memory, from Redis and from the
   * ledger. `complete`: there is nothing older, as far as can be seen now.
   */
  'chart.history': {
    args: { token: Token; interval: Interval; before: EpochMs; limit: number };
    result: { bars: Bar[]; complete: boolean };
  };
  /** Changes where prices come from while running. `live` means what the program was started with (or `auto`). */
  'sources.use': { args: { market: 'live' | 'simulated' }; result: null };
  /** Follow or let go a channel or pattern (`trades:*`) while running; following again changes nothing. */
  'channels.follow': { args: { pattern: string }; result: null };
  'channels.unfollow': { args: { pattern: string }; result: null };
  /** The streams on the server with their groups; a budgeted look-up that never blocks the server. */
  'streams.list': { args: Record<string, never>; result: StreamsView };
  /** Entries newest first, older than entry id `before` (`null`: the newest); at most `limit` (1..500). */
  'streams.entries': { args: { channel: string; before: string | null; limit: number }; result: EntryView[] };
  /** Dead letters of a channel, newest first, at most `limit` (1..500). */
  'dead.list': { args: { channel: string; limit: number }; result: DeadLetterView[] };
  /** Puts dead letters back into their stream as new entries, or drops them; answers how many there were. */
  'dead.requeue': { args: { channel: string; ids: string[] }; result: { count: number } };
  'dead.drop': { args: { channel: string; ids: string[] }; result: { count: number } };
}

/** What the engine sends of its own accord. */
export interface Events {
  'feed.batch': Batch;
}

export type * from './alerts.ts';
export type * from './book-view.ts';
export type * from './event-views.ts';
export type * from './status-views.ts';
export type { PastPrices, TokenCheck, TokensChange } from './tokens.ts';
export type * from './units.ts';

export type CommandName = keyof Commands;
export type EventName = keyof Events;

/** A refusal as it crosses to the screen: `code` is for programs, `message` says what to change. */
export interface CommandError {
  code: string;
  message: string;
}

/** What the preload puts on `window.tenhertz`, and what the WebSocket bridge imitates. */
export interface TenhertzBridge {
  /** Rejects with an `Error` that carries `code` (see {@link CommandError}). */
  invoke<C extends CommandName>(command: C, args: Commands[C]['args']): Promise<Commands[C]['result']>;
  /** Returns its own undo. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
}

/** Frames on the gateway's WebSocket, client to server. */
export interface WireRequest {
  id: number;
  command: string;
  args: unknown;
}

/** Frames on the gateway's WebSocket, server to client. */
export type WireFrame =
  | { id: number; result: unknown }
  | { id: number; error: CommandError }
  | { [E in EventName]: { event: E; payload: Events[E] } }[EventName];
