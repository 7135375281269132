import type { ReactElement } from 'react';
import type { SubscriptionStatus } from '../../shared/contract.ts';
import { formatAge, formatCount, formatMs } from '../format/times.ts';
import { Fact } from './fact.tsx';
import { channelSums } from './channel-sums.ts';

/** The channels of the subscription in few lines; the lag panel has them one by one. */
export function ChannelFacts({ subscription }: { subscription: SubscriptionStatus }): ReactElement {
  const sums = channelSums(subscription.channels);
  return (
    <>
      <Fact name="Channels">
        {formatCount(subscription.channels.length)} through {subscription.patterns.length} names
      </Fact>
      <Fact name="Worst lag">
        {sums.slowest === null ? '—' : `${formatMs(sums.slowest.lagMs)} · ${sums.slowest.channel}`}
      </Fact>
      <Fact name="Behind">{sums.behind === null ? '—' : `${formatCount(sums.behind)} entries`}</Fact>
      <Fact name="Pending">
        {sums.pending === null ? '—' : formatCount(sums.pending)}
        {sums.oldestPendingMs !== null && ` · oldest ${formatAge(sums.oldestPendingMs)}`}
      </Fact>
      <Fact name="Trimmed unread">{formatCount(sums.trimmedUnread)}</Fact>
      <Fact name="Gaps">
        {formatCount(sums.gaps.open)} open, {formatCount(sums.gaps.healed)} healed,{' '}
        {formatCount(sums.gaps.lost)} lost
      </Fact>
      <Fact name="Dead letters">{formatCount(sums.dead)}</Fact>
    </>
  );
}
