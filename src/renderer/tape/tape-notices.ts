import type { EpochMs, GapView } from '../../shared/contract.ts';
import type { ScreenState } from '../state/screen-state.ts';
import { formatCount } from '../format/times.ts';

/** A healed gap is told this long after it closed; open and lost ones until they are put away. */
export const HEALED_SHOWN_MS = 120_000;

/** A statement over the tape about its own completeness. */
export interface TapeNotice {
  /** Different for each gap in each state, so that putting "open" away does not hide "lost". */
  key: string;
  kind: 'open' | 'healed' | 'lost' | 'missed';
  text: string;
}

/** Whether a channel carries trades: by its name, or because a trade came from it. */
export function isTradeChannel(channel: string, seen: ReadonlySet<string>): boolean {
  return channel === 'trade-events' || channel.startsWith('trades:') || seen.has(channel);
}

const URGENCY: readonly TapeNotice['kind'][] = ['missed', 'lost', 'open', 'healed'];

/** The notices to show at engine time `now`, the most urgent first and the newest of a kind first. */
export function tapeNotices(
  screen: Pick<ScreenState, 'status' | 'tradeChannels' | 'startedAnew'>,
  dismissed: ReadonlySet<string>,
  now: EpochMs,
): TapeNotice[] {
  const gaps = screen.status?.subscription.gapsSeen ?? [];
  const told = gaps
    .filter(gap => isTradeChannel(gap.channel, screen.tradeChannels))
    .filter(gap => gap.state !== 'healed' || now - (gap.closedAt ?? now) < HEALED_SHOWN_MS)
    .map(gapNotice);
  const all = screen.startedAnew === null ? told : [missedNotice(screen.startedAnew), ...told];
  return all
    .filter(notice => !dismissed.has(notice.key))
    .toSorted((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind));
}

function missedNotice({ generation, missed }: { generation: number; missed: number }): TapeNotice {
  return {
    key: `missed/${generation}`,
    kind: 'missed',
    text: `This window missed ${events(missed)} while it did not answer; the list starts anew.`,
  };
}

function gapNotice(gap: GapView): TapeNotice {
  const { channel, epoch, from, to, state, missing } = gap;
  const range = from === to ? `#${from}` : `#${from}-${to}`;
  const count = to - from + 1;
  const words = {
    open: `Gap: ${channel} ${range}, looking for ${events(missing)}`,
    healed: `Gap healed: ${channel} ${range}, ${events(count)}${gap.healedFrom === null ? '' : ` from the ${gap.healedFrom}`}`,
    lost: `Gap lost: ${channel} ${range}, ${formatCount(missing)} of ${events(count)} ${missing === 1 ? 'is' : 'are'} nowhere`,
  };
  return { key: `${channel}/${epoch}/${from}-${to}/${state}`, kind: state, text: words[state] };
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${formatCount(count)} events`;
}
