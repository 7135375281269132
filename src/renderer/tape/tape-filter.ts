import { Decimal } from 'decimal.js';
import { readDecimal } from '../format/typed-decimal.ts';
import { SMALL_BELOW, type Trade } from '../state/trade.ts';
import type { Column } from '../table/column.ts';

/** What the tape keeps in the settings of its pane. */
export interface TapeSettings {
  /** Trades below `SMALL_BELOW` dollars are left out. */
  hideSmall: boolean;
  /** Whether the fields of the filter are shown. */
  open: boolean;
  /** Only this channel; empty: all. */
  channel: string;
  /** Only pairs that begin so, in any case; empty: all. */
  token: string;
  /** Only trades of this many dollars and more, as typed; empty or no number: all. */
  from: string;
}

export const TAPE_DEFAULTS: TapeSettings = {
  hideSmall: false,
  open: false,
  channel: '',
  token: '',
  from: '',
};

/** Says of a trade whether it is shown; `null` when all are. One whose size in dollars is not known is never too small. */
export function tapeFilter({
  hideSmall,
  channel,
  token,
  from,
}: TapeSettings): ((trade: Trade) => boolean) | null {
  const typed = dollarsOf(from);
  const least = Decimal.max(typed ?? 0, hideSmall ? SMALL_BELOW : 0);
  const start = token.trim().toLowerCase();
  if (channel === '' && start === '' && least.isZero()) return null;
  return trade =>
    (channel === '' || trade.channel === channel) &&
    trade.pair.toLowerCase().startsWith(start) &&
    (trade.notional === null || !trade.inDollars || trade.notional.gte(least));
}

/** What was typed as dollars, in the locale's way: `5000`, `1,000.50`, `2.5k`, `1m`; `null` for anything else. */
export function dollarsOf(text: string): Decimal | null {
  const parts = /^\$?\s*([^-+]*?)\s*([km]?)$/i.exec(text.trim());
  const typed = readDecimal(parts?.[1] ?? '');
  if (parts === null || typed === null) return null;
  const unit = { k: 1_000, m: 1_000_000 }[(parts[2] ?? '').toLowerCase()] ?? 1;
  return new Decimal(typed).times(unit);
}

/** What a file of trades holds, every number as its producer wrote it. */
export const TAPE_FILE: readonly Pick<Column<Trade>, 'title' | 'text'>[] = [
  { title: 'Time', text: ({ at }) => new Date(at).toISOString() },
  { title: 'Channel', text: ({ channel }) => channel },
  { title: 'Pair', text: ({ pair }) => pair },
  { title: 'Side', text: ({ action }) => action },
  { title: 'Amount', text: ({ amount }) => amount ?? '' },
  { title: 'Price', text: ({ price }) => price ?? '' },
  { title: 'Value', text: ({ notional }) => notional?.toFixed() ?? '' },
  { title: 'Currency', text: ({ quote }) => quote ?? 'USD' },
  { title: 'Event', text: ({ eventId }) => eventId },
];
