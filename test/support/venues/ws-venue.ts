import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** What every local WebSocket venue can do, whatever it speaks. */
export interface WsVenue {
  /** `ws://127.0.0.1:PORT`, for `TENHERTZ_<VENUE>_URL`. */
  readonly url: string;
  readonly port: number;
  /** Connections open now. */
  clients(): number;
  /** Connections there have been since the start. */
  connections(): number;
  /** Every frame clients have sent, in order. */
  readonly received: readonly string[];
  /** Sends a frame, right or wrong, to every client as it is. */
  inject(frame: string | Buffer): void;
  /** Ends every connection as a server going down does; clients may come back. */
  closeClients(): void;
  /** Keeps connections open but says nothing any more: no prices, no heartbeats. Playback waits. */
  silence(): void;
  /** Speaks again after {@link silence}. */
  speak(): void;
  /** Closes everything; the port is free again. */
  stop(): Promise<void>;
}

/** The server under a venue: connections, and a mouth that can be shut. */
export interface WsServer extends WsVenue {
  readonly silent: boolean;
  /** Sends unless silenced; to one client, or to all. */
  say(frame: string, to?: WebSocket): void;
}

/** Starts a WebSocket server on loopback. `port` 0 (default) takes a free one. */
export async function startWsServer(options: {
  port?: number | undefined;
  onConnect: (client: WebSocket) => void;
  onText: (client: WebSocket, text: string) => void;
}): Promise<WsServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port ?? 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const received: string[] = [];
  let connections = 0;
  let silent = false;
  server.on('connection', client => {
    connections += 1;
    client.on('error', () => undefined);
    client.on('message', data => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      received.push(text);
      options.onText(client, text);
    });
    options.onConnect(client);
  });
  const open = (): WebSocket[] => [...server.clients].filter(client => client.readyState === WebSocket.OPEN);
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    get silent() {
      return silent;
    },
    clients: () => open().length,
    say(frame, to) {
      if (silent) return;
      for (const client of to === undefined ? open() : [to]) client.send(frame);
    },
    inject(frame) {
      for (const client of open()) client.send(frame);
    },
    closeClients() {
      for (const client of server.clients) client.close(1012, 'service restart');
    },
    silence() {
      silent = true;
    },
    speak() {
      silent = false;
    },
    stop() {
      for (const client of server.clients) client.terminate();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
