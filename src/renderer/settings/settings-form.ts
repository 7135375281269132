import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingField, SettingProblem, SettingsView, SettingValue } from '../../shared/settings.ts';
import type { Link } from '../bridge/link.ts';
import { messageOf } from '../bridge/message-of.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { isChange, readDraft, type Draft } from './drafts.ts';
import type { SectionId } from './sections.ts';

/** How long after the last key the engine is asked what it thinks of it. */
export const CHECK_AFTER_MS = 250;

/** What the form shows. Never changed in place. */
export interface SettingsFormState {
  /** `null` until the engine has answered. */
  readonly view: SettingsView | null;
  /** Why the settings could not be read or saved, in the engine's own words. */
  readonly failed: string | null;
  /** What is not saved yet, by field. */
  readonly drafts: Readonly<Record<string, Draft>>;
  /** What is wrong with it, by field. */
  readonly problems: Readonly<Record<string, string>>;
  readonly saving: boolean;
  /** What was just saved, for the trader. */
  readonly saved: string | null;
  readonly section: SectionId;
  readonly search: string;
}

/** The form of settings. What was typed stays while its pane is hidden. */
export interface SettingsForm {
  readonly store: StoreApi<SettingsFormState>;
  /** Asks the engine again; drafts stay. */
  load(): Promise<void>;
  edit(field: SettingField, draft: Draft): void;
  discard(fields: readonly SettingField[]): void;
  save(fields: readonly SettingField[]): Promise<void>;
  go(section: SectionId): void;
  search(words: string): void;
  stop: Cancel;
}

export function createSettingsForm(link: Pick<Link, 'invoke'>, clock: Pick<Clock, 'after'>): SettingsForm {
  const store = createStore<SettingsFormState>(() => ({
    view: null,
    failed: null,
    drafts: {},
    problems: {},
    saving: false,
    saved: null,
    section: 'sources',
    search: '',
  }));
  let cancelCheck: Cancel = () => undefined;

  const fieldOf = (name: string): SettingField | undefined =>
    store.getState().view?.fields.find(field => field.name === name);

  /** The drafts that can be read, and what is wrong with the others. */
  const read = (
    names: readonly string[],
  ): { changes: Record<string, SettingValue | null>; problems: Record<string, string> } => {
    const changes: Record<string, SettingValue | null> = {};
    const problems: Record<string, string> = {};
    const { drafts } = store.getState();
    for (const name of names) {
      const [field, draft] = [fieldOf(name), drafts[name]];
      if (field === undefined || draft === undefined) continue;
      const result = readDraft(field, draft);
      if ('problem' in result) problems[name] = result.problem;
      else changes[name] = result.value;
    }
    return { changes, problems };
  };

  const check = async (): Promise<void> => {
    const asked = store.getState().drafts;
    const { changes, problems } = read(Object.keys(asked));
    if (Object.keys(changes).length === 0) return;
    const found = await link.invoke('settings.check', { changes }).catch(() => []);
    // What was typed meanwhile is asked about by itself.
    if (store.getState().drafts === asked) store.setState({ problems: { ...byField(found), ...problems } });
  };

  const load = async (): Promise<void> => {
    try {
      const view = await link.invoke('settings.read', {});
      store.setState({ view, failed: null });
    } catch (error) {
      store.setState({ failed: messageOf(error) });
    }
  };

  return {
    store,
    load,
    edit(field, draft) {
      const others = Object.fromEntries(
        Object.entries(store.getState().drafts).filter(([name]) => name !== field.name),
      );
      const drafts = isChange(field, draft) ? { ...others, [field.name]: draft } : others;
      store.setState({ drafts, saved: null });
      store.setState({
        problems: {
          ...keep(store.getState().problems, drafts, field.name),
          ...read(Object.keys(drafts)).problems,
        },
      });
      cancelCheck();
      cancelCheck = clock.after(CHECK_AFTER_MS, () => void check());
    },
    discard(fields) {
      const gone = new Set(fields.map(({ name }) => name));
      const left = <T>(from: Readonly<Record<string, T>>): Record<string, T> =>
        Object.fromEntries(Object.entries(from).filter(([name]) => !gone.has(name)));
      store.setState(({ drafts, problems }) => ({
        drafts: left(drafts),
        problems: left(problems),
        failed: null,
      }));
    },
    async save(fields) {
      const names = fields.map(({ name }) => name);
      const { changes, problems } = read(names);
      store.setState({ problems: { ...store.getState().problems, ...problems } });
      if (Object.keys(problems).length > 0 || Object.keys(changes).length === 0) return;
      cancelCheck();
      store.setState({ saving: true, failed: null, saved: null });
      try {
        const change = await link.invoke('settings.write', { changes });
        const drafts = change.saved
          ? Object.fromEntries(
              Object.entries(store.getState().drafts).filter(([name]) => !names.includes(name)),
            )
          : store.getState().drafts;
        const general = change.problems.flatMap(({ field, message }) => (field === null ? [message] : []));
        store.setState({
          view: change.settings,
          drafts,
          problems: byField(change.problems),
          failed: general.length === 0 ? null : general.join(' '),
          saved: change.saved ? savedWords(change.restart.length, change.now.length) : null,
        });
      } catch (error) {
        store.setState({ failed: messageOf(error) });
      } finally {
        store.setState({ saving: false });
      }
    },
    go: section => store.setState({ section, search: '' }),
    search: search => store.setState({ search }),
    stop: () => cancelCheck(),
  };
}

function savedWords(restart: number, now: number): string {
  if (restart === 0) return 'Saved, and in use now.';
  return now === 0 ? 'Saved for the next start.' : 'Saved. What needs a restart waits for the next start.';
}

function byField(problems: readonly SettingProblem[]): Record<string, string> {
  return Object.fromEntries(
    problems.flatMap(({ field, message }) => (field === null ? [] : [[field, message] as const])),
  );
}

/** Problems of fields that still have a draft; the one that is being typed is judged anew. */
function keep(
  problems: Readonly<Record<string, string>>,
  drafts: Readonly<Record<string, Draft>>,
  typed: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).filter(([name]) => name !== typed && Object.hasOwn(drafts, name)),
  );
}
