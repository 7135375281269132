import type { ModeRule, SettingField, SettingValue } from '../../shared/settings.ts';
import { decimalFault, readDecimal, typeDecimal } from '../format/typed-decimal.ts';

/** What was typed or chosen and is not saved yet; `null`: back to the default. Numbers and lists are texts while they are typed. */
export type Draft = string | boolean | readonly ModeRule[] | null;

/** What the field of a setting begins with: what stands in the file, else what is in use. */
export function firstDraft(field: SettingField): Exclude<Draft, null> {
  if (field.hidden) return '';
  return asDraft(field, field.locked === null ? (field.value ?? field.effective) : field.effective);
}

/** What the field shows now. */
export function shownDraft(field: SettingField, draft: Draft | undefined): Exclude<Draft, null> {
  if (draft === undefined) return firstDraft(field);
  return draft ?? asDraft(field, field.fallback);
}

function asDraft({ kind }: SettingField, value: SettingValue | null): Exclude<Draft, null> {
  if (kind === 'rules') return Array.isArray(value) ? (value as readonly ModeRule[]) : [];
  if (kind === 'boolean') return value === true;
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'number') return typeDecimal(String(value));
  return typeof value === 'string' ? value : '';
}

/** Whether a draft would change anything. */
export function isChange(field: SettingField, draft: Draft): boolean {
  if (draft === null) return field.value !== null || field.hidden;
  return JSON.stringify(draft) !== JSON.stringify(firstDraft(field));
}

/** A draft as the engine takes it, or what is wrong with it. What needs the engine to tell is not told here. */
export function readDraft(
  field: SettingField,
  draft: Draft,
): { value: SettingValue | null } | { problem: string } {
  if (draft === null) return { value: null };
  if (typeof draft !== 'string') return { value: draft };
  const text = draft.trim();
  if (field.kind === 'list') {
    const list = text.split(/[\s,]+/).filter(part => part !== '');
    return list.length === 0 && field.min !== null ? { problem: 'Must name at least one.' } : { value: list };
  }
  if (field.kind !== 'number') {
    if (text !== '') return { value: text };
    // What may be left out is left out; a field that has a default has to say what it wants.
    return field.fallback === null ? { value: null } : { problem: 'Must not be empty.' };
  }
  // Programmers may write 1e9; everybody else writes numbers as their locale does.
  const number = /^\d+e\d+$/.test(text) ? Number(text) : Number(readDecimal(text) ?? Number.NaN);
  const { min, max, whole, unit } = field;
  if (!Number.isFinite(number))
    return { problem: /\d[.,]\d/.test(text) ? decimalFault(text) : 'Must be a number.' };
  if (whole && !Number.isInteger(number)) return { problem: 'Must be a whole number.' };
  if ((min !== null && number < min) || (max !== null && number > max)) {
    const least = min === null ? '' : typeDecimal(String(Number(min.toFixed(3))));
    return { problem: `Must be from ${least} to ${max ?? 'any'} ${unit ?? ''}`.trim() + '.' };
  }
  return { value: number };
}
