import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import { isReplyError } from './connection.ts';
import type { Lease } from './pool.ts';

/**
 * Runs a blocking read against its deadline (its BLOCK plus a margin, in ms), because a blocking read cannot be trusted
 * to return. When the deadline passes first, or the connection ends, the lease is discarded and the caller gets
 * `BLOCKED_READ_LOST`: take a new lease and read again. Errors the server answered with pass through, the lease stays good.
 */
export async function raceBlockingRead<T>(
  lease: Lease,
  clock: Clock,
  deadlineMs: number,
  run: (client: Redis) => Promise<T>,
): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(deadlineMs, () => {
      // After a sleep of this process the reply may lie in the socket: it is read before the verdict falls.
      setImmediate(() => reject(new DeadlinePassed()));
    });
  });
  const read = run(lease.client);
  try {
    return await Promise.race([read, late]);
  } catch (error) {
    const passed = error instanceof DeadlinePassed;
    if (!passed && (isReplyError(error) || isUsable(lease.client))) throw error;
    const reason = passed ? `no reply within ${deadlineMs} ms` : 'the connection ended';
    lease.discard(reason);
    read.catch(() => undefined);
    throw new TenhertzError(
      'BLOCKED_READ_LOST',
      `A blocking read of ${lease.name} was lost: ${reason}. Take a new lease and read again.`,
      { facts: { lease: lease.name, reason }, cause: error },
    );
  } finally {
    cancel();
  }
}

class DeadlinePassed extends Error {}

function isUsable(client: Redis): boolean {
  return client.status === 'ready' && client.stream.writable;
}
