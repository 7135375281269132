import { z } from 'zod';

const CHANNEL_PATTERN = /^[A-Za-z0-9*][A-Za-z0-9_.:@/*-]{0,127}$/;
const days = z
  .number('must be a number of days')
  .min(1 / 24, 'must be at least an hour, in days (0.042)')
  .max(36_500, 'must be at most 36500 days');

const Mode = z.strictObject({
  pattern: z.string().regex(CHANNEL_PATTERN, 'must be a channel or a pattern such as trades:*'),
  mode: z.enum(['strict', 'confirm', 'off']),
});

const Retention = z.strictObject({
  ticksDays: days.optional(),
  recordsDays: days.optional(),
  candles1sDays: days.optional(),
  candles1mDays: days.optional(),
});

/** `ledger` in `settings.json`. */
export const LedgerSection = z.strictObject({
  modes: z.array(Mode).optional(),
  retention: Retention.optional(),
});

/** How the events of a channel are recorded: committed before they are broadcast, recorded afterwards, or not at all. */
export type ChannelMode = z.infer<typeof Mode>;

/** How long things are kept, in days. */
export interface LedgerRetention {
  /** Price ticks; 1 by default. */
  ticksDays: number;
  /** Every other event: trades, positions, statuses; 365 by default. */
  recordsDays: number;
  /** Candles of a second; 1 by default. */
  candles1sDays: number;
  /** Candles of a minute; 365 by default. */
  candles1mDays: number;
}

/** What of the ledger can be chosen in the settings file. */
export interface LedgerChoices {
  /** Before the program's own, in the order they were written; the first match wins. */
  modes: readonly ChannelMode[];
  retention: LedgerRetention;
}

const DEFAULTS: LedgerRetention = { ticksDays: 1, recordsDays: 365, candles1sDays: 1, candles1mDays: 365 };

/** The section with its defaults filled in. */
export function ledgerChoices(section: z.infer<typeof LedgerSection> = {}): LedgerChoices {
  const { modes = [], retention = {} } = section;
  return {
    modes,
    retention: {
      ticksDays: retention.ticksDays ?? DEFAULTS.ticksDays,
      recordsDays: retention.recordsDays ?? DEFAULTS.recordsDays,
      candles1sDays: retention.candles1sDays ?? DEFAULTS.candles1sDays,
      candles1mDays: retention.candles1mDays ?? DEFAULTS.candles1mDays,
    },
  };
}
