import type { SettingField, SettingsSection } from '../../shared/settings.ts';

/** A part of the form. Two of them are the screen's own. */
export type SectionId = SettingsSection | 'alerts' | 'look';

export interface SectionInfo {
  id: SectionId;
  title: string;
  /** By which a search and the palette find it. */
  keywords: readonly string[];
}

/** In the order of the list beside the form. */
export const SETTING_SECTIONS: readonly SectionInfo[] = [
  { id: 'sources', title: 'Sources', keywords: ['venues', 'prices', 'jupiter', 'kraken', 'coinbase'] },
  { id: 'tokens', title: 'Tokens', keywords: ['watchlist', 'symbols', 'mints'] },
  { id: 'pools', title: 'Pools', keywords: ['liquidity', 'reserves', 'raydium', 'price impact'] },
  { id: 'rates', title: 'Rates', keywords: ['update', 'interval', 'speed', 'ttl'] },
  { id: 'redis', title: 'Redis', keywords: ['cache', 'server', 'connection'] },
  { id: 'ledger', title: 'Ledger', keywords: ['postgres', 'database', 'retention', 'record'] },
  {
    id: 'alerts',
    title: 'Alerts',
    keywords: ['sound', 'volume', 'mute', 'quiet hours', 'notifications', 'do not disturb'],
  },
  {
    id: 'look',
    title: 'Appearance',
    keywords: [
      ...['theme', 'dark', 'light', 'colours', 'colors', 'colour-blind', 'density', 'compact', 'rows'],
      ...[
        'numbers and dates',
        'locale',
        'language',
        'region',
        'decimal',
        'time zone',
        'timezone',
        'utc',
        'clock',
      ],
    ],
  },
  { id: 'program', title: 'Program', keywords: ['demo', 'log', 'diagnostics'] },
];

/** Whether every word of a search is in one of the texts. */
export function matches(search: string, texts: readonly string[]): boolean {
  const all = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}

/** Whether a search finds a field: by label, help, name or keyword. */
export function findsField(search: string, field: SettingField): boolean {
  return matches(search, [field.label, field.help, field.name, ...field.keywords]);
}

/** Whether a search finds one of the screen's own sections as a whole. */
export function findsSection(search: string, { title, keywords }: SectionInfo): boolean {
  return matches(search, [title, ...keywords]);
}
