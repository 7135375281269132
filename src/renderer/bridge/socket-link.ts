import type { CommandName, Commands, EventName, Events } from '../../shared/contract.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { backoffMs } from './backoff.ts';
import { BridgeError } from './bridge-error.ts';
import type { Link } from './link.ts';
import { parseFrame } from './parse-frame.ts';

/** A command without an answer for this long has failed. */
export const ANSWER_WITHIN_MS = 10_000;

/** An open line that says nothing for this long is dead (half-open after sleep or a lost network) and is replaced. */
export const SILENCE_LIMIT_MS = 5_000;

/** The part of the browser's WebSocket this file uses. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'addEventListener'>;

export interface SocketLinkDeps {
  url: string;
  openSocket: (url: string) => Socket;
  clock: Clock;
  random: () => number;
}

interface Asked {
  resolve: (result: unknown) => void;
  reject: (error: BridgeError) => void;
  cancel: Cancel;
}

/**
 * The bridge over the gateway's WebSocket: the same promises as the preload's, plus reconnecting for ever with back-off
 * and jitter. Commands given while there is no line are refused with `DISCONNECTED`, not kept for later.
 */
export class SocketLink implements Link {
  readonly #deps: SocketLinkDeps;
  readonly #asked = new Map<number, Asked>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #onConnect = new Set<() => void>();
  #socket: Socket | null = null;
  #open = false;
  #closed = false;
  #id = 0;
  #attempt = 0;
  #cancelRetry: Cancel = () => {};
  #cancelSilence: Cancel = () => {};

  constructor(deps: SocketLinkDeps) {
    this.#deps = deps;
    this.#connect();
  }

  invoke<C extends CommandName>(command: C, args: Commands[C]['args']): Promise<Commands[C]['result']> {
    return new Promise<unknown>((resolve, reject) => {
      const socket = this.#socket;
      if (socket === null || !this.#open) {
        reject(
          new BridgeError('DISCONNECTED', 'The engine is not connected. The screen reconnects by itself.'),
        );
        return;
      }
      this.#id += 1;
      const id = this.#id;
      const cancel = this.#deps.clock.after(ANSWER_WITHIN_MS, () => {
        this.#asked.delete(id);
        reject(
          new BridgeError('TIMEOUT', `The engine did not answer ${command} within ${ANSWER_WITHIN_MS} ms.`),
        );
      });
      this.#asked.set(id, { resolve, reject, cancel });
      socket.send(JSON.stringify({ id, command, args }));
    }) as Promise<Commands[C]['result']>;
  }

  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): Cancel {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onConnect(listener: () => void): Cancel {
    this.#onConnect.add(listener);
    if (this.#open) listener();
    return () => this.#onConnect.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#drop();
  }

  #connect(): void {
    const socket = this.#deps.openSocket(this.#deps.url);
    this.#socket = socket;
    const mine = (run: () => void): (() => void) => {
      return () => {
        if (this.#socket === socket) run();
      };
    };
    socket.addEventListener(
      'open',
      mine(() => this.#opened()),
    );
    socket.addEventListener('message', event => {
      if (this.#socket === socket) this.#received(event.data);
    });
    // An error is always followed by a close; the close is what is acted on.
    socket.addEventListener(
      'close',
      mine(() => this.#lost()),
    );
    this.#watch();
  }

  #opened(): void {
    this.#open = true;
    this.#watch();
    for (const listener of this.#onConnect) listener();
  }

  #received(data: unknown): void {
    this.#attempt = 0;
    this.#watch();
    const frame = parseFrame(data);
    if (frame === null) return;
    if ('event' in frame) {
      for (const listener of this.#listeners.get(frame.event) ?? []) listener(frame.payload as never);
      return;
    }
    const asked = this.#asked.get(frame.id);
    if (asked === undefined) return;
    this.#asked.delete(frame.id);
    asked.cancel();
    if ('error' in frame) asked.reject(new BridgeError(frame.error.code, frame.error.message));
    else asked.resolve(frame.result);
  }

  /** Starts the wait for the next frame (or for the line to open) anew. */
  #watch(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#deps.clock.after(SILENCE_LIMIT_MS, () => this.#lost());
  }

  #lost(): void {
    this.#drop();
    if (this.#closed) return;
    this.#cancelRetry = this.#deps.clock.after(backoffMs(this.#attempt, this.#deps.random), () =>
      this.#connect(),
    );
    this.#attempt += 1;
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#open = false;
    this.#cancelSilence();
    socket?.close();
    for (const [id, asked] of this.#asked) {
      this.#asked.delete(id);
      asked.cancel();
      asked.reject(new BridgeError('DISCONNECTED', 'The line to the engine was lost before it answered.'));
    }
  }
}
