/** The signs and the grouping by which a locale writes numbers, learned from `Intl` once. */
export interface NumberMarks {
  /** Between the whole part and its decimals: `.` or `,`. */
  readonly decimal: string;
  /** Between groups of digits: `,`, `.`, a narrow space, `’`; empty where a locale groups nothing. */
  readonly group: string;
  /** Writes the digits of a whole number in groups: `1234567` as `1,234,567`, in India `12,34,567`. */
  groupWhole(digits: string): string;
}

/**
 * Locales of other digits (Arabic, Persian, Bengali …) are written in Latin ones, and those of other calendars in the Gregorian:
 * columns stay as wide as their neighbours, digits can be compared at a glance, and a year means the same to everybody at a desk.
 */
export function tabular(locale: string): string {
  return new Intl.Locale(locale, { numberingSystem: 'latn', calendar: 'gregory' }).toString();
}

/** How `locale` writes numbers. A `RangeError` where it is no language tag. */
export function numberMarks(locale: string): NumberMarks {
  const format = new Intl.NumberFormat(tabular(locale), { minimumFractionDigits: 1 });
  const parts = format.formatToParts(1_234_567_890_123.5);
  const sign = (type: 'group' | 'decimal'): string => parts.find(part => part.type === type)?.value ?? '';
  const runs = parts.filter(({ type }) => type === 'integer').map(({ value }) => value.length);
  const group = sign('group');
  const first = runs.at(-1) ?? 3;
  const next = runs.at(-2) ?? first;
  // Some languages write 1234 in one piece and group from 12 345 on.
  const whole = format.formatToParts(1234).some(({ type }) => type === 'group') ? 1 : 2;
  const places = new RegExp(`\\B(?=(?:\\d{${next}})*\\d{${first}}$)`, 'g');
  return {
    decimal: sign('decimal'),
    group,
    groupWhole: digits => (digits.length < first + whole ? digits : digits.replace(places, group)),
  };
}
