import type { SettingField, SettingValue } from '../../../shared/settings.ts';
import type { Settings } from '../config/settings.ts';
import { SHARED_FLAGS } from '../config/settings-flags.ts';
import { holdsLogin } from './addresses.ts';
import type { FieldSpec } from './field-spec.ts';
import { FIELDS } from './fields.ts';
import { limitsOf, valueAt, type FileContent } from './nested.ts';

/** What a view is made of. */
export interface ViewOf {
  /** What is in use. */
  running: Settings;
  /** What the next start would use; `undefined` when the file is not fit for one. */
  next: Settings | undefined;
  content: FileContent;
  tokens: readonly string[];
}

/** Every field as it stands. */
export function fieldsOf(of: ViewOf): SettingField[] {
  return FIELDS.map(spec => fieldOf(spec, of));
}

/** The flag or variable that decides a setting in place of the file, if any. */
export function decidedBy(
  spec: FieldSpec,
  { flags = {}, env }: Pick<Settings, 'flags' | 'env'>,
): { from: 'flag' | 'environment'; name: string } | undefined {
  const flag = spec.flags?.find(key => flags[key] !== undefined && flags[key] !== false);
  if (flag !== undefined) {
    const name = SHARED_FLAGS.find(({ key }) => key === flag)?.name ?? flag;
    return { from: 'flag', name: `--${name}` };
  }
  const variable = spec.env?.find(name => (env[name] ?? '').trim() !== '');
  return variable === undefined ? undefined : { from: 'environment', name: variable };
}

/** Why a setting cannot be changed in the file; `null`: it can. */
export function lockOf(spec: FieldSpec, settings: Settings): string | null {
  const by = decidedBy(spec, settings);
  if (by === undefined) return null;
  return by.from === 'flag'
    ? `Given with ${by.name}: start Tenhertz without it to change this here.`
    : `Given with ${by.name} in the environment: take it out there to change this here.`;
}

function fieldOf(spec: FieldSpec, { running, next, content, tokens }: ViewOf): SettingField {
  const { name, kind } = spec;
  const stands = valueAt(content, name);
  const isSet = stands !== undefined;
  const hidden = isSet && (kind === 'secret' || (typeof stands === 'string' && holdsLogin(stands)));
  const used = name === 'tokens' ? tokens : spec.inUse(running);
  const decided = decidedBy(spec, running)?.from;
  const limits =
    kind === 'number' || kind === 'list' ? limitsOf(name) : { min: null, max: null, whole: false };
  return {
    ...{ name, kind, section: spec.section, label: spec.label, help: spec.help, keywords: spec.keywords },
    ...limits,
    value: isSet && !hidden ? (stands as SettingValue) : null,
    hidden,
    effective: used,
    from: decided ?? (isSet ? 'file' : 'default'),
    locked: lockOf(spec, running),
    fallback: spec.fallback,
    unit: spec.unit ?? null,
    choices: spec.choices?.() ?? [],
    applies: spec.applies,
    pending: spec.applies === 'restart' && next !== undefined && !same(spec.inUse(next), spec.inUse(running)),
  };
}

/** Whether two values are the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
