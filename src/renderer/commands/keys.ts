import { createKeybindingsHandler } from 'tinykeys';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KeptDocument } from '../state/desk-documents.ts';
import type { Cancel } from '../time/clock.ts';
import { bindingOf, firesWhileTyping, isTyping, type Overrides } from './bindings.ts';
import type { Commands } from './command.ts';

/** The keys of the screen. */
export interface Keys {
  readonly store: StoreApi<{ readonly overrides: Overrides }>;
  /** Gives a command another key, or none. */
  bind(command: string, binding: string | null): void;
  /** Back to the default: one command's key, or all of them. */
  reset(command?: string): void;
  /** Listens in a window: the screen's own, or one of a pane. */
  listen(target: Window): Cancel;
  /** While it is held, keys run nothing: the trader is choosing one. */
  hold(): Cancel;
  load(): Promise<void>;
}

/** Runs commands by keys. What the trader chose is kept in the document `keys`. */
export function createKeys(commands: Commands, kept: KeptDocument): Keys {
  const store = createStore<{ readonly overrides: Overrides }>(() => ({ overrides: {} }));
  let loaded = false;
  let held = 0;
  const change = (overrides: Overrides): void => {
    store.setState({ overrides });
    if (loaded) kept.save({ value: () => ({ version: 1, bindings: store.getState().overrides }) });
  };
  const handler = (): EventListener => {
    const map: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of commands.store.getState().commands) {
      const binding = bindingOf(command, store.getState().overrides);
      // Of two commands on one key the first one runs; the list of keys shows the conflict.
      if (binding === null || map[binding] !== undefined) continue;
      map[binding] = event => {
        if (isTyping(event.target, event.key) && !firesWhileTyping(binding)) return;
        if (commands.run(command.id)) event.preventDefault();
      };
    }
    return createKeybindingsHandler(map);
  };
  return {
    store,
    bind(command, binding) {
      change({ ...store.getState().overrides, [command]: binding });
    },
    reset(command) {
      const { overrides } = store.getState();
      change(
        Object.fromEntries(
          Object.entries(overrides).filter(([id]) => command !== undefined && id !== command),
        ),
      );
    },
    listen(target) {
      let handle = handler();
      const renew = (): void => {
        handle = handler();
      };
      const onKeyDown = (event: Event): void => {
        if (held === 0) handle(event);
      };
      const undo = [commands.store.subscribe(renew), store.subscribe(renew)];
      target.addEventListener('keydown', onKeyDown);
      return () => {
        target.removeEventListener('keydown', onKeyDown);
        for (const cancel of undo) cancel();
      };
    },
    hold() {
      held += 1;
      let done = false;
      return () => {
        if (!done) held -= 1;
        done = true;
      };
    },
    async load() {
      if (loaded) return;
      const found = await kept.read().catch(() => undefined);
      if (found === undefined) return;
      loaded = true;
      store.setState({ overrides: readOverrides(found?.value) });
    },
  };
}

/** The bindings kept, as far as they can be read. */
export function readOverrides(value: unknown): Overrides {
  if (typeof value !== 'object' || value === null || !('bindings' in value)) return {};
  const { bindings } = value;
  if (typeof bindings !== 'object' || bindings === null) return {};
  return Object.fromEntries(
    Object.entries(bindings).filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
    ),
  );
}
