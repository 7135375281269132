import type { SettingKind, SettingsSection, SettingValue } from '../../../shared/settings.ts';
import type { Settings } from '../config/settings.ts';

/** A setting as the program knows it; limits of numbers come from the shape of the file. */
export interface FieldSpec {
  name: string;
  section: SettingsSection;
  label: string;
  help: string;
  keywords: readonly string[];
  kind: SettingKind;
  applies: 'now' | 'restart';
  unit?: string;
  choices?: () => readonly string[];
  /** Flags and variables that win over the file, strongest first. */
  flags?: readonly ('redis' | 'postgres' | 'source' | 'tokens' | 'demo' | 'logLevel')[];
  env?: readonly string[];
  fallback: SettingValue | null;
  /** What is in use. */
  inUse: (settings: Settings) => SettingValue | null;
  /** What the shape of the file cannot tell; throws a `TenhertzError`. */
  check?: (value: never) => void;
}
