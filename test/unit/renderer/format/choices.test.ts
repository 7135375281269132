import { afterEach, describe, expect, it } from 'vitest';
import {
  conditionWords,
  firstCondition,
  KINDS,
  typeDraft,
} from '../../../../src/renderer/alerts/draft-form.ts';
import { SYSTEM_REGION, writeBy } from '../../../../src/renderer/format/region.ts';
import { localeLabel, localeOptions, zoneGroups } from '../../../../src/renderer/settings/region-choices.ts';
import { readDraft } from '../../../../src/renderer/settings/drafts.ts';
import { newDraft } from '../../../../src/renderer/state/alerts.ts';
import type { SettingField } from '../../../../src/shared/settings.ts';

afterEach(() => writeBy(SYSTEM_REGION));

describe('the locales to choose from', () => {
  it('are called by their own names, and are all known here', () => {
    const options = localeOptions(null);
    expect(options.find(({ value }) => value === 'de-DE')?.label).toBe('Deutsch (Deutschland), de-DE');
    const tags = options.map(({ value }) => value);
    expect(Intl.NumberFormat.supportedLocalesOf(tags)).toEqual(tags);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('have the one that is kept among them, also where it means nothing', () => {
    expect(localeOptions('de-DE')).toBe(localeOptions(null));
    expect(localeOptions('not a tag').at(-1)).toEqual({ value: 'not a tag', label: 'not a tag' });
    expect(localeLabel('xx-XX')).toContain('xx');
  });
});

describe('the time zones to choose from', () => {
  const all = (kept: string | null): string[] =>
    zoneGroups(kept).flatMap(({ options }) => options.map(({ value }) => value));

  it('go by parts of the world and by city, under the names of today', () => {
    const europe = zoneGroups(null).find(({ name }) => name === 'Europe');
    expect(europe?.options).toContainEqual({ value: 'Europe/Berlin', label: 'Berlin' });
    const america = zoneGroups(null).find(({ name }) => name === 'America');
    expect(america?.options).toContainEqual({
      value: 'America/Argentina/Buenos_Aires',
      label: 'Buenos Aires, Argentina',
    });
    expect(all(null)).toContain('Asia/Kolkata');
    expect(all(null)).not.toContain('Asia/Calcutta');
    expect(all('UTC')).not.toContain('UTC');
  });

  it('are all known here, and the one that is kept is among them', () => {
    for (const timeZone of all(null)) expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
    expect(all('Mars/Base')).toContain('Mars/Base');
    expect(zoneGroups('Nowhere').find(({ name }) => name === 'Other')?.options).toEqual([
      { value: 'Nowhere', label: 'Nowhere' },
    ]);
  });
});

describe('a rule in a locale', () => {
  it('is told in its way, whatever it is about', () => {
    writeBy({ locale: 'de-DE', timeZone: 'UTC' });
    const words = KINDS.map(({ kind }) => conditionWords(firstCondition(kind, 'SOL')));
    expect(words).toContain('SOL trades more than 100.000 USD in 1 min');
    expect(words).toContain('a source is down');
    expect(
      conditionWords({ kind: 'pnl', token: null, which: 'total', direction: 'below', level: '-1500.5' }),
    ).toBe('PnL of all positions goes below −1.500,5 USD');
    expect(conditionWords({ kind: 'position', token: 'SOL', change: 'changed', by: '0' })).toBe(
      'the SOL position changes',
    );
    expect(conditionWords({ kind: 'position', token: 'SOL', change: 'changed', by: '0.5' })).toContain('0,5');
  });

  it('begins in the form as it would be typed', () => {
    writeBy({ locale: 'de-DE', timeZone: 'UTC' });
    const draft = newDraft({ kind: 'move', token: 'SOL', direction: 'up', percent: '2.5', windowMs: 60_000 });
    const hysteresis = { unit: 'percent', value: '0.5' } as const;
    const typed = typeDraft({ ...draft, mode: { kind: 'rearm', hysteresis, cooldownMs: 0 } });
    expect(typed).toMatchObject({ condition: { percent: '2,5' }, mode: { hysteresis: { value: '0,5' } } });
    expect(typeDraft({ ...draft, mode: { kind: 'once' } }).mode).toEqual({ kind: 'once' });
  });
});

describe('a number of the settings', () => {
  const field = { kind: 'number', min: 0, max: 10, whole: false, unit: null } as SettingField;

  it('is typed in the way of the locale', () => {
    writeBy({ locale: 'de-DE', timeZone: 'UTC' });
    expect(readDraft(field, '2,5')).toEqual({ value: 2.5 });
    expect(readDraft(field, '2.5')).toEqual({ value: 2.5 });
    expect(readDraft(field, '1.234')).toEqual({
      problem: '“1.234” can be read in two ways. Write 1234 or 1,234.',
    });
    expect(readDraft(field, 'many')).toEqual({ problem: 'Must be a number.' });
  });
});
