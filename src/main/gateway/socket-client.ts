import type { WebSocket } from 'ws';
import type { Engine } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';
import { batchMessage, errorMessage, parseRequest, resultMessage, toCommandError } from './wire.ts';

/** What one client may cost the gateway. */
export interface ClientLimits {
  /** Bytes waiting to be sent, above which the client is cut. A batch is below 64 KB and only one is ever under way. */
  maxBufferedBytes: number;
  /** Commands under way at a time; more are refused with `BUSY`. */
  maxInFlight: number;
}

/** Defaults of {@link ClientLimits}. */
export const CLIENT_LIMITS: ClientLimits = { maxBufferedBytes: 16 * 1024 * 1024, maxInFlight: 32 };

/** One browser tab on `/ws`. */
export interface SocketClient {
  /** Pings it; cuts it when the last ping was not answered (a tab that hangs, a machine that sleeps). */
  beat(): void;
  close(): void;
}

/**
 * Serves one WebSocket: commands in, answers and batches out. The feed waits for the client's confirmation, so a slow
 * one gets fewer batches; what does not read at all is cut, here or by {@link SocketClient.beat}.
 */
export function serveSocket(
  socket: WebSocket,
  deps: { engine: Engine; log: Logger; limits: ClientLimits; onCut(reason: string): void },
): SocketClient {
  const { engine, log, limits } = deps;
  let answered = true;
  let inFlight = 0;

  const cut = (reason: string): void => {
    log.warn({ reason, bufferedBytes: socket.bufferedAmount }, 'gateway client cut');
    deps.onCut(reason);
    socket.terminate();
  };
  const send = (message: string | Buffer): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > limits.maxBufferedBytes) cut('buffer');
    else socket.send(message, { binary: false });
  };
  const connection = engine.connect(frame => send(batchMessage(frame)));

  const run = async (id: number, command: string, args: unknown): Promise<void> => {
    inFlight += 1;
    try {
      send(resultMessage(id, await connection.invoke(command, args)));
    } catch (error) {
      if (!(error instanceof TenhertzError)) log.error({ err: error, command }, 'command failed');
      send(errorMessage(id, toCommandError(error)));
    } finally {
      inFlight -= 1;
    }
  };

  socket.on('message', (data: Buffer, isBinary) => {
    const request = isBinary ? undefined : parseRequest(data.toString('utf8'));
    if (request === undefined) {
      socket.close(1008, 'a frame must be {"id","command","args"} as JSON text');
    } else if (inFlight >= limits.maxInFlight) {
      const message = `At most ${limits.maxInFlight} commands at a time; wait for an answer first.`;
      send(errorMessage(request.id, { code: 'BUSY', message }));
    } else {
      void run(request.id, request.command, request.args);
    }
  });
  socket.on('pong', () => {
    answered = true;
  });
  // A frame over the size limit ends here; `ws` closes the socket with 1009 by itself.
  socket.on('error', error => log.warn({ err: error }, 'gateway client error'));
  socket.on('close', () => connection.close());

  return {
    beat() {
      if (socket.readyState !== socket.OPEN) return;
      if (!answered) {
        cut('silent');
        return;
      }
      answered = false;
      socket.ping();
    },
    close() {
      socket.close(1001, 'the program stops');
    },
  };
}
