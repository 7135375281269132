import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP server in front of a Redis that can do what a real one cannot on demand: stop answering while it stays open. */
export interface RedisProxy {
  readonly port: number;
  /** How many connections clients have open to it now, and had in all. */
  readonly open: number;
  readonly total: number;
  /** Swallows the replies of the connections open now (of one of them, the `nth` by age), as a half-open one would. */
  swallow(nth?: number): void;
  /** Lets nothing through on the connections open now, in either direction: the sockets stay open, nobody hears. */
  halfOpen(): void;
  /** Swallows the replies of every connection opened from now on. */
  swallowNew(on: boolean): void;
  stop(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  mute: boolean;
  deaf: boolean;
}

export async function startRedisProxy(socketPath: string): Promise<RedisProxy> {
  const pairs = new Set<Pair>();
  let total = 0;
  let muteNew = false;
  const listener = createServer(client => {
    total += 1;
    const pair: Pair = { client, server: createConnection(socketPath), mute: muteNew, deaf: false };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      pair.client.destroy();
      pair.server.destroy();
    };
    client.on('data', data => {
      if (!pair.deaf) pair.server.write(data);
    });
    pair.server.on('data', data => {
      if (!pair.mute) client.write(data);
    });
    for (const socket of [client, pair.server]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get open() {
      return pairs.size;
    },
    get total() {
      return total;
    },
    swallow(nth) {
      [...pairs].forEach((pair, index) => {
        if (nth === undefined || nth === index) pair.mute = true;
      });
    },
    halfOpen() {
      for (const pair of pairs) pair.mute = pair.deaf = true;
    },
    swallowNew(on) {
      muteNew = on;
    },
    stop() {
      for (const pair of [...pairs]) {
        pair.client.destroy();
        pair.server.destroy();
      }
      return new Promise(resolve => listener.close(() => resolve()));
    },
  };
}
