import type { Redis } from 'ioredis';
import type { RedisStatus } from '../../../shared/contract.ts';

/** A connection lent for blocking reads. One command at a time; give it back or report it lost. */
export interface Lease {
  readonly name: string;
  readonly client: Redis;
  /** Back to the pool, healthy. */
  release(): void;
  /** The connection made no progress: it is closed and replaced, its slot freed. */
  discard(reason: string): void;
}

/** The pool of Redis connections (R1.1-R1.4). At most `cap` sockets in total, shared ones included. */
export interface RedisPool {
  /** A healthy multiplexed connection for commands that do not block. Throws `REDIS_DOWN` while there is none. */
  shared(): Redis;
  /**
   * A connection of its own for blocking reads, checked before it is handed out. Waits at most the acquire timeout
   * (2 s), then rejects with `POOL_EXHAUSTED` whose facts are `{cap, holders}`, or `REDIS_DOWN`.
   */
  lease(name: string): Promise<Lease>;
  status(): RedisStatus;
  /** Called with the new status whenever the state changes. Returns its undo. */
  onChange(listener: (status: RedisStatus) => void): () => void;
  /** Resolves once a shared connection answers; rejects with `REDIS_DOWN` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}
