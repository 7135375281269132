import { WebSocket, type ClientOptions } from 'ws';
import type { EpochMs, SourceStatus } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { backoffMs } from './backoff.ts';

/** Makes a socket; `ws` by default. */
export type SocketFactory = (url: string, options: ClientOptions) => WebSocket;

export interface WsConnectionOptions {
  url: string;
  clock: Clock;
  createSocket?: SocketFactory | undefined;
  /** 0 (included) to 1 (excluded); for the jitter. */
  random?: (() => number) | undefined;
  /** Called on each open; what is sent here is the (re-)subscription. */
  onOpen: () => void;
  onText: (text: string) => void;
  /** A frame that never became text: larger than {@link MAX_FRAME_BYTES}, binary, or not UTF-8. */
  onBadFrame: (reason: 'too-large' | 'malformed', detail: string) => void;
}

/** Where the connection stands. */
export interface ConnectionStatus {
  phase: 'off' | 'connecting' | 'open' | 'waiting';
  /** What kind of trouble ended the last connection; `null` before the first. */
  trouble: Extract<SourceStatus['state'], 'down' | 'refused' | 'rate-limited'> | null;
  /** The last trouble in plain words; `null` while open. */
  message: string | null;
  nextAttemptAt: EpochMs | null;
  /** Connections lost or failed in a row; 0 once one has held for {@link STABLE_AFTER_MS}. */
  attempt: number;
}

export interface WsConnection {
  start(): void;
  stop(): Promise<void>;
  /** Sends a frame; dropped while not open, because each open subscribes anew. */
  send(text: string): void;
  status(): ConnectionStatus;
}

/** A ticker frame is under 1 kB; a larger one than this is refused before it is read, and the connection made anew. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** No answer to the handshake for this long counts as a failed attempt. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Venues send something every second; nothing for this long means the connection is dead, whatever the socket says. */
export const SILENCE_MS = 5_000;
/** A connection that held this long starts the back-off from the beginning. */
export const STABLE_AFTER_MS = 10_000;

type Trouble = NonNullable<ConnectionStatus['trouble']>;

/**
 * A WebSocket to a venue that stays connected until it is stopped: connect timeout, a limit on the size of frames, a watchdog
 * on silence, and capped exponential back-off with jitter between attempts. Never throws for an unreachable venue.
 */
export function createWsConnection(options: WsConnectionOptions): WsConnection {
  const { url, clock } = options;
  const createSocket = options.createSocket ?? ((address, config) => new WebSocket(address, config));
  const random = options.random ?? Math.random;
  let status: ConnectionStatus = {
    phase: 'off',
    trouble: null,
    message: null,
    nextAttemptAt: null,
    attempt: 0,
  };
  let socket: WebSocket | undefined;
  let closed: Promise<void> = Promise.resolve();
  let cancelRetry: Cancel = () => undefined;
  let cancelStable: Cancel = () => undefined;

  const retryLater = (trouble: Trouble, message: string): void => {
    const attempt = status.attempt + 1;
    const wait = backoffMs(attempt, random());
    status = { phase: 'waiting', trouble, message, nextAttemptAt: clock.now() + wait, attempt };
    cancelRetry = clock.after(wait, connect);
  };

  function connect(): void {
    status = { ...status, phase: 'connecting', nextAttemptAt: null };
    let current: WebSocket;
    try {
      current = createSocket(url, { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
    } catch (error) {
      retryLater('down', messageOf(error));
      return;
    }
    socket = current;
    closed = new Promise(resolve => {
      follow(current, options, (trouble, message) => {
        resolve();
        // Stopped and started again meanwhile: the newer socket speaks for the connection.
        if (socket !== current) return;
        socket = undefined;
        cancelStable();
        if (status.phase !== 'off') retryLater(trouble, message);
      });
    });
    current.on('open', () => {
      status = { ...status, phase: 'open', message: null };
      cancelStable = clock.after(STABLE_AFTER_MS, () => {
        status = { ...status, attempt: 0 };
      });
      options.onOpen();
    });
  }

  return {
    start() {
      if (status.phase === 'off') connect();
    },
    async stop() {
      cancelRetry();
      status = { ...status, phase: 'off', nextAttemptAt: null };
      socket?.terminate();
      await closed;
    },
    send(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text);
    },
    status: () => status,
  };
}

/** Watches one socket from handshake to close, and says once why it ended. */
function follow(
  socket: WebSocket,
  { clock, onText, onBadFrame }: WsConnectionOptions,
  onEnd: (trouble: Trouble, message: string) => void,
): void {
  let why: { trouble: Trouble; message: string } | undefined;
  let lastFrameAt = clock.monotonic();
  const end = (trouble: Trouble, message: string): void => {
    why ??= { trouble, message };
    // Without this `ws` waits up to 30 s for the other side's farewell.
    socket.terminate();
  };
  const cancelConnect = clock.after(CONNECT_TIMEOUT_MS, () => {
    if (socket.readyState === WebSocket.CONNECTING)
      end('down', `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`);
  });
  const cancelWatch = clock.every(SILENCE_MS / 10, () => {
    if (socket.readyState === WebSocket.CONNECTING || clock.monotonic() - lastFrameAt < SILENCE_MS) return;
    end('down', `nothing heard for ${SILENCE_MS / 1000} s`);
  });
  socket.on('open', () => {
    lastFrameAt = clock.monotonic();
  });
  socket.on('message', (data, isBinary) => {
    lastFrameAt = clock.monotonic();
    if (isBinary || !Buffer.isBuffer(data)) onBadFrame('malformed', 'a binary frame');
    else onText(data.toString());
  });
  socket.on('unexpected-response', (_request, response) => {
    const code = response.statusCode ?? 0;
    if (code === 429) end('rate-limited', 'too many connections (HTTP 429)');
    else
      end(
        [401, 403, 451].includes(code) ? 'refused' : 'down',
        `answered HTTP ${code} instead of opening a feed`,
      );
  });
  socket.on('error', error => {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      onBadFrame('too-large', `a frame above ${MAX_FRAME_BYTES} bytes`);
    } else if (typeof code === 'string' && code.startsWith('WS_ERR_')) {
      onBadFrame('malformed', error.message);
    }
    end('down', error.message);
  });
  socket.on('close', code => {
    cancelConnect();
    cancelWatch();
    const { trouble, message } = why ?? {
      trouble: 'down' as const,
      message: `the venue closed the connection (${code})`,
    };
    onEnd(trouble, message);
  });
}
