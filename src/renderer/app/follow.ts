import type { EpochMs } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** Without a batch for this long the screen asks for them again: a lost confirmation must not stop it for good. */
export const ASK_AGAIN_AFTER_MS = 3_000;

/**
 * Asks for batches after each connect, and again whenever none came for {@link ASK_AGAIN_AFTER_MS}. A refusal is not
 * shown: the screen already says that no batch comes, and the next attempt follows.
 */
export function keepFollowing(link: Link, clock: Clock, lastBatchAt: () => EpochMs | null): Cancel {
  let askedAt = -Infinity;
  const ask = (): void => {
    askedAt = clock.now();
    link.invoke('feed.follow', {}).catch(() => {});
  };
  const cancelConnect = link.onConnect(ask);
  const cancelWatch = clock.every(ASK_AGAIN_AFTER_MS / 3, () => {
    const quietSince = Math.max(lastBatchAt() ?? -Infinity, askedAt);
    if (clock.now() - quietSince >= ASK_AGAIN_AFTER_MS) ask();
  });
  return () => {
    cancelConnect();
    cancelWatch();
  };
}
