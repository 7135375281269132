/** Locales that are offered; any other one that is kept is offered as well. */
const LOCALES = [
  ...['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-IE', 'en-IN', 'en-SG', 'en-ZA'],
  ...['ar-AE', 'ar-EG', 'bg-BG', 'bn-IN', 'cs-CZ', 'da-DK', 'de-AT', 'de-CH', 'de-DE', 'el-GR'],
  ...['es-AR', 'es-ES', 'es-MX', 'et-EE', 'fa-IR', 'fi-FI', 'fr-CA', 'fr-CH', 'fr-FR', 'he-IL', 'hi-IN'],
  ...['hr-HR', 'hu-HU', 'id-ID', 'it-CH', 'it-IT', 'ja-JP', 'ko-KR', 'lt-LT', 'lv-LV', 'ms-MY', 'nb-NO'],
  ...['nl-BE', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ro-RO', 'ru-RU', 'sk-SK', 'sl-SI', 'sr-RS', 'sv-SE'],
  ...['th-TH', 'tr-TR', 'uk-UA', 'vi-VN', 'zh-CN', 'zh-HK', 'zh-TW'],
];

/** One entry of a list: what is kept, and what is read. */
export interface RegionOption {
  readonly value: string;
  readonly label: string;
}

/** A locale by its own name, and its tag: `Deutsch (Deutschland), de-DE`. The tag alone where nothing names it. */
export function localeLabel(tag: string): string {
  try {
    const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag);
    return name === undefined || name === tag ? tag : `${name}, ${tag}`;
  } catch {
    return tag;
  }
}

let locales: readonly RegionOption[] | undefined;

/** The locales to choose from, and `kept` where it is none of them. */
export function localeOptions(kept: string | null): readonly RegionOption[] {
  locales ??= LOCALES.map(value => ({ value, label: localeLabel(value) }));
  const known = kept === null || locales.some(({ value }) => value === kept);
  return known ? locales : [...locales, { value: kept, label: localeLabel(kept) }];
}

/** Names of today for places that browsers still list by those of before. */
const NAMES_TODAY: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
};

/** Time zones of one part of the world. */
export interface ZoneGroup {
  readonly name: string;
  readonly options: readonly RegionOption[];
}

/**
 * The time zones to choose from, by part of the world; a city is found by typing its first letters. `kept` is among them even where
 * this machine does not know it.
 */
export function zoneGroups(kept: string | null): readonly ZoneGroup[] {
  const names = new Set(Intl.supportedValuesOf('timeZone').map(name => NAMES_TODAY[name] ?? name));
  names.delete('UTC');
  if (kept !== null && kept !== 'UTC') names.add(kept);
  const groups = new Map<string, RegionOption[]>();
  for (const value of [...names].sort()) {
    const [area = '', ...place] = value.split('/');
    const group = place.length === 0 ? 'Other' : area;
    const options = groups.get(group) ?? [];
    groups.set(group, options);
    options.push({ value, label: placeName(place.length === 0 ? [area] : place) });
  }
  return [...groups].map(([name, options]) => ({
    name,
    options: options.toSorted((a, b) => a.label.localeCompare(b.label, 'en')),
  }));
}

/** `Buenos Aires, Argentina` of `Argentina/Buenos_Aires`: the city first, because that is what one looks for. */
function placeName(place: readonly string[]): string {
  return place.toReversed().join(', ').replaceAll('_', ' ');
}
