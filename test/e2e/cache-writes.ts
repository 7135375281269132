import { Redis } from 'ioredis';

/** One `SET price:{token}` as Redis executed it. */
export interface CacheWrite {
  /** When, epoch ms, on Redis's clock. */
  at: number;
  price: string;
  /** When the source vouched, epoch ms. */
  timestamp: number;
}

/** Every write of the price cache since it began to listen, by token, in order. */
export interface CacheWrites {
  readonly byToken: ReadonlyMap<string, readonly CacheWrite[]>;
  stop(): void;
}

/** Listens to the commands that the server executes (MONITOR): no write is missed, and none is read late. */
export async function watchCacheWrites(socketPath: string): Promise<CacheWrites> {
  const client = new Redis(socketPath);
  const monitor = await client.monitor();
  const byToken = new Map<string, CacheWrite[]>();
  monitor.on('monitor', (time: string, [command = '', key = '', value = '']: string[]) => {
    if (command.toLowerCase() !== 'set' || !key.startsWith('price:')) return;
    const { token, price, timestamp } = JSON.parse(value) as Record<'token' | 'price' | 'timestamp', string>;
    const writes = byToken.get(token) ?? [];
    byToken.set(token, writes);
    writes.push({ at: Number(time) * 1_000, price, timestamp: Date.parse(timestamp) });
  });
  return {
    byToken,
    stop() {
      monitor.disconnect();
      client.disconnect();
    },
  };
}
