import type { DeadLetterView } from '../../../shared/contract.ts';

/** The entries that were set aside (R5.3). */
export interface DeadLetterStore {
  /** Newest first. */
  list(channel: string, limit: number): Promise<DeadLetterView[]>;
  /** Back into the stream as new entries, and out of the dead letters; answers how many there were. */
  requeue(channel: string, ids: readonly string[]): Promise<number>;
  drop(channel: string, ids: readonly string[]): Promise<number>;
}
