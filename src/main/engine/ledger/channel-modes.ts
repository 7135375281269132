import type { ChannelMode as ModeRule } from '../config/ledger-settings.ts';
import { readPattern } from '../events/channel-pattern.ts';

/** One rule of `ledger.modes` in the settings: a pattern and its mode. */
export type { ModeRule };

/**
 * How the events of a channel get into the ledger. `strict`: committed first, broadcast after. `confirm`: broadcast first,
 * recorded in batches by the desks that follow the channel. `off`: not at all.
 */
export type ChannelMode = ModeRule['mode'];

/** The mode of every channel. */
export type ModeOf = (channel: string) => ChannelMode;

const DEFAULTS: readonly ModeRule[] = [
  { pattern: 'trade-events', mode: 'strict' },
  { pattern: 'trades:*', mode: 'strict' },
  { pattern: 'position-updates', mode: 'strict' },
  { pattern: 'positions:*', mode: 'strict' },
];
/** Channels whose modes are kept; there are as many names as publishers care to use. */
const KEPT = 10_000;

/**
 * Makes the look-up of modes: of `rules` and then the defaults (trades and positions strict, everything else confirm), the
 * first whose pattern fits.
 *
 * @throws TenhertzError `BAD_PATTERN` for a pattern that no channel can fit
 */
export function channelModes(rules: readonly ModeRule[] = []): ModeOf {
  const known = [...rules, ...DEFAULTS].map(({ pattern, mode }) => ({
    fits: readPattern(pattern).matches,
    mode,
  }));
  const modes = new Map<string, ChannelMode>();
  return channel => {
    const before = modes.get(channel);
    if (before !== undefined) return before;
    const mode = known.find(({ fits }) => fits(channel))?.mode ?? 'confirm';
    if (modes.size >= KEPT) modes.clear();
    modes.set(channel, mode);
    return mode;
  };
}
