import { join } from 'node:path';
import type {
  SettingChanges,
  SettingProblem,
  SettingsChange,
  SettingsView,
} from '../../../shared/settings.ts';
import type { Settings } from '../config/settings.ts';
import { changeSettingsFile, readSettingsFile } from '../config/settings-file.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { fieldSpec } from './fields.ts';
import { valueAt, withValue, type FileContent } from './nested.ts';
import { weigh } from './problems.ts';
import { fieldsOf, lockOf } from './view.ts';

export interface SettingsDeskDeps {
  /** What the program started with. */
  settings: Settings;
  log: Logger;
  /** The tokens that are watched now. */
  tokens: () => readonly string[];
  /** Puts to use what can be while running; `changed` are the names of fields. May reject: the file is written then. */
  apply: (next: Settings, changed: readonly string[]) => Promise<void>;
}

/** The settings file, read and changed while the program runs. See the commands of the contract, whose refusals these throw. */
export interface SettingsDesk {
  read(): Promise<SettingsView>;
  check(changes: SettingChanges): Promise<readonly SettingProblem[]>;
  write(changes: SettingChanges): Promise<SettingsChange>;
  /** What the program started with, and what was applied since. */
  inUse(): Settings;
}

/** Ends a rewrite of the file before anything is written. */
class Refused extends TenhertzError {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super('SETTINGS_REFUSED', 'The changes are refused.');
    this.problems = problems;
  }
}

/** Makes the desk described at {@link SettingsDesk}. Changes follow each other in order. */
export function createSettingsDesk(deps: SettingsDeskDeps): SettingsDesk {
  const { dataDir } = deps.settings;
  let running = deps.settings;
  let last: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<SettingsView> => {
    const base = { path: join(dataDir, 'settings.json') };
    const tokens = deps.tokens();
    try {
      const content = await readSettingsFile(dataDir);
      const weighed = weigh(content, {}, running);
      const next = 'settings' in weighed ? weighed.settings : undefined;
      const problem = 'problems' in weighed ? wordsOf(weighed.problems) : null;
      return { ...base, fields: fieldsOf({ running, next, content, tokens }), problem };
    } catch (error) {
      const problem = `${messageOf(error)} It is left as it is: put it right, or move it away.`;
      return { ...base, fields: fieldsOf({ running, next: undefined, content: {}, tokens }), problem };
    }
  };

  const refusals = (changes: SettingChanges): SettingProblem[] =>
    Object.keys(changes).flatMap(field => {
      const spec = fieldSpec(field);
      if (spec === undefined)
        throw new TenhertzError('BAD_ARGUMENTS', `There is no setting "${field.slice(0, 64)}".`);
      const message = lockOf(spec, running);
      return message === null ? [] : [{ field, message }];
    });

  const weighed = (
    content: FileContent,
    changes: SettingChanges,
  ): { next: FileContent; settings: Settings } => {
    let next = content;
    for (const [name, value] of Object.entries(changes)) next = withValue(next, name, value ?? undefined);
    const result = weigh(next, changes, running);
    if ('problems' in result) throw new Refused(result.problems);
    return { next, settings: result.settings };
  };

  const check: SettingsDesk['check'] = async changes => {
    const locked = refusals(changes);
    if (locked.length > 0) return locked;
    try {
      weighed(await readSettingsFile(dataDir), changes);
      return [];
    } catch (error) {
      if (error instanceof Refused) return error.problems;
      throw error;
    }
  };

  const write: SettingsDesk['write'] = async changes => {
    const refused = async (problems: readonly SettingProblem[]): Promise<SettingsChange> => ({
      ...{ saved: false, problems, now: [], restart: [] },
      settings: await read(),
    });
    const locked = refusals(changes);
    if (locked.length > 0) return refused(locked);
    let settings = running;
    const rewrite = (content: FileContent): FileContent => {
      const result = weighed(content, changes);
      ({ settings } = result);
      // The file keeps what it is not told of; a name that is gone has to be said to be gone.
      const heads = new Set(Object.keys(changes).map(name => name.split('.')[0] ?? name));
      return Object.fromEntries([...heads].map(head => [head, valueAt(result.next, head)]));
    };
    try {
      await changeSettingsFile(dataDir, rewrite, { secret: true });
    } catch (error) {
      if (error instanceof Refused) return refused(error.problems);
      throw error;
    }
    const names = Object.keys(changes);
    const now = names.filter(name => fieldSpec(name)?.applies === 'now');
    const problems = await applied(settings, now);
    deps.log.info({ changed: names }, 'Settings were changed on the screen');
    return {
      ...{ saved: true, problems, now },
      restart: names.filter(name => !now.includes(name)),
      settings: await read(),
    };
  };

  /** What waits for a restart stays as it started: `running` says what is in use. */
  const applied = async (next: Settings, now: readonly string[]): Promise<SettingProblem[]> => {
    if (now.length === 0) return [];
    const { sources, venueUrls, updateEveryMs, batchEveryMs, priceTtlMs, logLevel } = next;
    const { modes } = running.ledger;
    const ledger = { modes, retention: next.ledger.retention };
    running = { ...running, sources, venueUrls, updateEveryMs, batchEveryMs, priceTtlMs, logLevel, ledger };
    if (next.tokens === undefined) delete running.tokens;
    else running.tokens = next.tokens;
    if (next.jupiterApiKey === undefined) delete running.jupiterApiKey;
    else running.jupiterApiKey = next.jupiterApiKey;
    if (next.pools === undefined) delete running.pools;
    else running.pools = next.pools;
    if (next.poolTtlMs === undefined) delete running.poolTtlMs;
    else running.poolTtlMs = next.poolTtlMs;
    try {
      await deps.apply(running, now);
      return [];
    } catch (error) {
      const reason = messageOf(error);
      deps.log.warn({ reason }, 'Settings were saved but could not be applied');
      return [{ field: null, message: `Saved, but not in use before a restart: ${reason}` }];
    }
  };

  return {
    read,
    check,
    inUse: () => running,
    write(changes) {
      const done = last.then(() => write(changes));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

function wordsOf(problems: readonly SettingProblem[]): string {
  const words = problems.map(({ field, message }) => (field === null ? message : `${field}: ${message}`));
  return `settings.json is not fit for a start. ${words.join(' ')}`;
}
