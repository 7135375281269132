/**
 * The settings file as a screen shows and changes it; part of the contract (`contract.ts`).
 *
 * Refusals: `SETTINGS_NOT_WRITTEN` (what is in the file is no JSON, or it cannot be written: nothing was changed),
 * `BAD_ARGUMENTS` (no such setting).
 */

/** One rule of how channels are recorded, as `ledger.modes` holds it. */
export interface ModeRule {
  pattern: string;
  mode: 'strict' | 'confirm' | 'off';
}

/** What a setting may hold. */
export type SettingValue = string | number | boolean | readonly string[] | readonly ModeRule[];

export type SettingsSection = 'sources' | 'tokens' | 'pools' | 'rates' | 'redis' | 'ledger' | 'program';

/** `secret`: write-only. `rules`: {@link ModeRule}s. `list`: texts. */
export type SettingKind = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'secret' | 'rules';

/** Changes by the field's name; `null`: back to the default (the name is taken out of the file). */
export type SettingChanges = Readonly<Record<string, SettingValue | null>>;

/** One setting: what it is, what stands in the file, and what is in use. */
export interface SettingField {
  /** As in `settings.json`, nested names with dots: `ledger.retention.ticksDays`. */
  name: string;
  section: SettingsSection;
  label: string;
  help: string;
  /** More words by which a search finds it. */
  keywords: readonly string[];
  kind: SettingKind;
  /** What stands in the file; `null`: nothing, or nothing that may be shown (see {@link hidden}). */
  value: SettingValue | null;
  /** Something stands in the file that is not sent to a screen: a key, or an address with a password. */
  hidden: boolean;
  /** In use now. Of a secret always `null`; of an address without user and password. */
  effective: SettingValue | null;
  /** Where what is in use comes from. */
  from: 'flag' | 'environment' | 'file' | 'default';
  /** Why it cannot be changed here (`Given with --redis …`); `null`: it can. */
  locked: string | null;
  /** What it is when nobody says; `null`: nothing. */
  fallback: SettingValue | null;
  unit: string | null;
  /** Limits of a number; of a list how few and how many it may hold (`null`: none, any number). */
  min: number | null;
  max: number | null;
  /** A number has to be whole. */
  whole: boolean;
  /** Of a `choice` the values there are, of a `text` suggestions; else empty. */
  choices: readonly string[];
  applies: 'now' | 'restart';
  /** What stands in the file is used from the next start on. */
  pending: boolean;
}

/** All settings as they stand. */
export interface SettingsView {
  fields: readonly SettingField[];
  /** Where they are kept. */
  path: string;
  /** Why the file cannot be read, and so not changed either; `null`: all is well. */
  problem: string | null;
}

/** What is wrong with a value; `field` is `null` where it cannot be told which. */
export interface SettingProblem {
  field: string | null;
  /** A sentence without the field's name. */
  message: string;
}

/** What became of {@link SettingsCommands} `settings.write`. */
export interface SettingsChange {
  /** `false`: nothing was written; `problems` says why. */
  saved: boolean;
  problems: readonly SettingProblem[];
  /** Names that are in use from now on, and those that will be after a restart. */
  now: readonly string[];
  restart: readonly string[];
  settings: SettingsView;
}

/** Commands behind the form of settings. */
export interface SettingsCommands {
  'settings.read': { args: Record<string, never>; result: SettingsView };
  /** What would be wrong if these changes were written. Writes nothing. */
  'settings.check': { args: { changes: SettingChanges }; result: readonly SettingProblem[] };
  /** Writes all of the changes or none, and applies what can be applied while running. */
  'settings.write': { args: { changes: SettingChanges }; result: SettingsChange };
}
