import { Decimal } from 'decimal.js';
import { fixedPercent, fullPrice } from '../format/prices.ts';
import type { PoolSide } from '../../shared/pool-math.ts';
import { dollarsOf } from '../tape/tape-filter.ts';
import { acceptTableSettings, tableDefaults, type TableSettings } from '../table/table-settings.ts';

/** What the pools keep in the settings of their pane. */
export interface PoolSettings extends TableSettings {
  /** The trade whose price impact is told, in dollars as typed. */
  size: string;
  side: PoolSide;
}

const DEFAULT_SIZE = '10k';
/** In use while what was typed is no number of dollars. */
export const DEFAULT_DOLLARS = new Decimal(10_000);

/** Settings before anybody changes them; the source is told below the table. */
export const POOL_DEFAULTS: PoolSettings = { ...tableDefaults(['source']), size: DEFAULT_SIZE, side: 'buy' };

export function acceptPoolSettings(settings: PoolSettings): boolean {
  return acceptTableSettings(settings) && ['buy', 'sell'].includes(settings.side);
}

/** The typed size in dollars; `null` for zero and for what is no number of dollars. */
export function sizeOf(typed: string): Decimal | null {
  const size = dollarsOf(typed);
  return size === null || size.isZero() ? null : size;
}

/** `$10k`, `$2.5k`, `$750`, `$1m`: as short as a title needs. */
export function shortSize(size: Decimal): string {
  const short = (part: Decimal): string => fullPrice(part.toDecimalPlaces(2).toFixed());
  if (size.gte(1e6)) return `$${short(size.div(1e6))}m`;
  return size.gte(1e3) ? `$${short(size.div(1e3))}k` : `$${short(size)}`;
}

/** A part of one in percent: `0.109 %`, `12.40 %`, `<0.001 %` for crumbs, `0 %` for none. */
export function percentText(part: Decimal): string {
  const percent = part.times(100);
  if (percent.isZero()) return '0 %';
  if (percent.lt('0.001')) return `<${fullPrice('0.001')} %`;
  return fixedPercent(percent, percent.lt(1) ? 3 : 2);
}
