import type { SettingField, SettingValue } from '../../../shared/settings.ts';
import type { Settings } from '../config/settings.ts';

/** A setting as the program knows it; limits of numbers come from the shape of the file. */
export interface FieldSpec extends Pick<
  SettingField,
  'name' | 'section' | 'label' | 'help' | 'keywords' | 'kind' | 'applies' | 'fallback'
> {
  unit?: string;
  choices?: () => readonly string[];
  /** Flags and variables that win over the file, strongest first. */
  flags?: readonly ('redis' | 'postgres' | 'source' | 'tokens' | 'demo' | 'logLevel')[];
  env?: readonly string[];
  /** What is in use. */
  inUse: (settings: Settings) => SettingValue | null;
  /** What the shape of the file cannot tell; throws a `TenhertzError`. */
  check?: (value: never) => void;
}
