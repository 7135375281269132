/**
 * The one contract between the engine and a screen, whichever host stands between them (Electron IPC or the gateway's
 * WebSocket). Two maps, {@link Commands} and {@link Events}; every other signature is derived from them.
 *
 * Units: every time is epoch milliseconds on the engine's clock; every price or amount is a plain decimal string.
 */

import type { AlertCommands, AlertDelivery, AlertsView } from './alerts.ts';
import type { Bar, FeedEvent, Interval, PriceView, Token, TokenBar } from './market-views.ts';
import type { EpochMs } from './units.ts';
import type { DeadLetterView, EntryView, StreamsView } from './event-views.ts';
import type { BookView } from './book-view.ts';
import type { DeskCommands } from './desk.ts';
import type { MomentCommands } from './moments.ts';
import type { SettingsCommands } from './settings.ts';
import type { PoolView } from './pools.ts';
import type { StatusView } from './status-views.ts';
import type { TokenCommands } from './tokens.ts';

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
  /** Every watched pool; `null`: unchanged since the last one sent. */
  pools: PoolView[] | null;
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
export interface Commands
  extends AlertCommands, TokenCommands, MomentCommands, DeskCommands, SettingsCommands {
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
  /**
   * The trader's own trades (channels `trades:…`) of a token from `since` up to before `until`, oldest first; of more than `limit`
   * (1..500) the newest. From the ledger; without one none: what the streams still hold is in the tape.
   */
  'chart.trades': {
    args: { token: Token; since: EpochMs; until: EpochMs; limit: number };
    result: FeedEvent[];
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
export type * from './market-views.ts';
export type { PoolState, PoolView } from './pools.ts';
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
