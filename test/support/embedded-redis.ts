import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** kill -9 of the `redis-server` an app runs for itself in its data directory. */
export async function killEmbeddedRedis(dataDir: string): Promise<void> {
  process.kill(Number(await readFile(join(dataDir, 'redis', 'redis.pid'), 'utf8')), 'SIGKILL');
}
