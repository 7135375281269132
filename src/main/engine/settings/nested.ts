import { z } from 'zod';
import { SettingsFile } from '../config/settings-shape.ts';

/** What a settings file holds, unchecked. */
export type FileContent = Readonly<Record<string, unknown>>;

/** What stands at a name with dots; `undefined` when nothing does. */
export function valueAt(content: unknown, name: string): unknown {
  let value: unknown = content;
  for (const part of name.split('.')) value = isObject(value) ? value[part] : undefined;
  return value;
}

/** The same content with another value at a name with dots; `undefined` takes the name out, and a group that is then empty. */
export function withValue(content: FileContent, name: string, value: unknown): FileContent {
  const [head = '', ...rest] = name.split('.');
  const inner = isObject(content[head]) ? content[head] : {};
  const next = rest.length === 0 ? value : withValue(inner, rest.join('.'), value);
  const others = Object.fromEntries(Object.entries(content).filter(([key]) => key !== head));
  const empty = next === undefined || (rest.length > 0 && isObject(next) && Object.keys(next).length === 0);
  return empty ? others : { ...content, [head]: next };
}

/** The limits of a number, or of how many a list holds, as the shape of the file has them. */
export function limitsOf(name: string): { min: number | null; max: number | null; whole: boolean } {
  const shape = valueAt(SHAPE, name.split('.').join('.properties.'));
  const { minimum, maximum, minItems, maxItems, type } = (shape ?? {}) as Limits;
  return { min: minimum ?? minItems ?? null, max: maximum ?? maxItems ?? null, whole: type === 'integer' };
}

interface Limits {
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  type?: string;
}

const SHAPE = z.toJSONSchema(SettingsFile).properties;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
