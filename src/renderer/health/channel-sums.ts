import type { ChannelStatus } from '../../shared/contract.ts';

/** All channels in one: sums, and the worst of what cannot be summed. `null`: not measured in any channel. */
export interface ChannelSums {
  slowest: { channel: string; lagMs: number } | null;
  behind: number | null;
  pending: number | null;
  oldestPendingMs: number | null;
  trimmedUnread: number;
  dead: number;
  gaps: ChannelStatus['gaps'];
}

/** Adds the channels up. */
export function channelSums(channels: readonly ChannelStatus[]): ChannelSums {
  const sums: ChannelSums = {
    slowest: null,
    behind: null,
    pending: null,
    oldestPendingMs: null,
    trimmedUnread: 0,
    dead: 0,
    gaps: { open: 0, healed: 0, lost: 0 },
  };
  for (const { channel, lagMs, behind, pending, oldestPendingMs, trimmedUnread, dead, gaps } of channels) {
    if (lagMs !== null && lagMs > (sums.slowest?.lagMs ?? -1)) sums.slowest = { channel, lagMs };
    if (behind !== null) sums.behind = (sums.behind ?? 0) + behind;
    if (pending !== null) sums.pending = (sums.pending ?? 0) + pending;
    if (oldestPendingMs !== null) sums.oldestPendingMs = Math.max(sums.oldestPendingMs ?? 0, oldestPendingMs);
    sums.trimmedUnread += trimmedUnread;
    sums.dead += dead;
    sums.gaps.open += gaps.open;
    sums.gaps.healed += gaps.healed;
    sums.gaps.lost += gaps.lost;
  }
  return sums;
}
