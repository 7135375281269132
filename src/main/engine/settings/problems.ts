import type { SettingChanges, SettingProblem } from '../../../shared/settings.ts';
import { settingsWith, type Settings } from '../config/settings.ts';
import { SettingsFile } from '../config/settings-shape.ts';
import { TenhertzError } from '../errors.ts';
import { FIELDS, fieldSpec } from './fields.ts';
import type { FileContent } from './nested.ts';
import { valueAt } from './nested.ts';

/** Either everything that is wrong with a file, or the settings it stands for. */
export type Weighed = { problems: readonly SettingProblem[] } | { settings: Settings };

/**
 * Weighs what a settings file would hold after `changes`, exactly as a start would: the same shape, the same rules between
 * settings, and the same readers of each value.
 */
export function weigh(
  content: FileContent,
  changes: SettingChanges,
  from: Pick<Settings, 'dataDir' | 'env' | 'flags'>,
): Weighed {
  const shaped = SettingsFile.safeParse(content);
  if (!shaped.success) {
    const problems = shaped.error.issues.map(({ path, message }) => {
      const field = fieldOf(path.map(String));
      return field === null
        ? { field, message: `settings.json at ${path.join('.') || 'its top'}: ${message}.` }
        : { field, message: sentence(message) };
    });
    return { problems };
  }
  const problems = Object.entries(changes).flatMap(([name, value]): SettingProblem[] => {
    const check = value === null ? undefined : fieldSpec(name)?.check;
    // Checked by the shape above: the value is of the field's own type.
    return check === undefined ? [] : problemOf(name, () => check(valueAt(shaped.data, name) as never));
  });
  if (problems.length > 0) return { problems };
  try {
    return { settings: settingsWith(shaped.data, { ...from, flags: from.flags ?? {} }) };
  } catch (error) {
    if (!(error instanceof TenhertzError)) throw error;
    return { problems: [between(error, changes)] };
  }
}

/** Two settings that do not go together: said at the one that was changed. */
function between(error: TenhertzError, changes: SettingChanges): SettingProblem {
  const named = String(error.facts['field']);
  const field = [named, ...Object.keys(changes)].find(name => Object.hasOwn(changes, name)) ?? null;
  if (named === 'updateEveryMs' && field === 'priceTtlMs')
    return { field, message: 'Must be longer than the time between two writes of a price.' };
  return { field, message: sentence(error.message.replace(`${named} `, '')) };
}

function problemOf(field: string, check: () => void): SettingProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof TenhertzError)) throw error;
    const from = typeof error.facts['from'] === 'string' ? error.facts['from'] : '';
    return [
      { field, message: sentence(from === '' ? error.message : error.message.replace(`${from} `, '')) },
    ];
  }
}

function fieldOf(path: readonly string[]): string | null {
  const written = path.join('.');
  return FIELDS.find(({ name }) => written === name || written.startsWith(`${name}.`))?.name ?? null;
}

function sentence(words: string): string {
  const trimmed = words.trim();
  return `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
