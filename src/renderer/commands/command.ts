import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cancel } from '../time/clock.ts';

/** Under which heading the palette and the list of keys show a command. */
export type Section = 'Tokens' | 'Panes' | 'Layouts' | 'Alerts' | 'Chart' | 'Time' | 'Appearance' | 'Help';

/** One thing the trader can do, whichever way: palette, key, menu. */
export interface Command {
  /** Never changed once released: keys and the last entries of the palette are kept by it. */
  readonly id: string;
  readonly title: string;
  readonly section: Section;
  /** More words by which the palette finds it. */
  readonly keywords?: readonly string[];
  /** The key until the trader chooses another, as tinykeys writes it (`$mod+K`, `Alt+KeyM`); none when left out. */
  readonly keys?: string;
  readonly run: () => void;
  /** Whether it makes sense now; always when left out. */
  readonly when?: () => boolean;
}

/** Makes commands of what is typed into the palette: `alert sol above 155`. Best first; empty when the words mean nothing to it. */
export type Suggest = (query: string) => readonly Command[];

/** Every command of the screen, in one place. */
export interface Commands {
  readonly store: StoreApi<{ readonly commands: readonly Command[] }>;
  /** Adds commands and returns the undo. A command of an id that is there already is refused: that is a mistake of ours. */
  add(commands: readonly Command[]): Cancel;
  suggest(suggest: Suggest): Cancel;
  suggestions(query: string): readonly Command[];
  find(id: string): Command | undefined;
  /** Runs it if it is there and makes sense now; says whether it did. */
  run(id: string): boolean;
}

export function createCommands(): Commands {
  const store = createStore<{ readonly commands: readonly Command[] }>(() => ({ commands: [] }));
  const suggesters = new Set<Suggest>();
  const find = (id: string): Command | undefined =>
    store.getState().commands.find(command => command.id === id);
  return {
    store,
    add(commands) {
      for (const { id } of commands) {
        if (find(id) !== undefined) throw new Error(`There are two commands called ${id}.`);
      }
      store.setState(state => ({ commands: [...state.commands, ...commands] }));
      return () =>
        store.setState(state => ({ commands: state.commands.filter(one => !commands.includes(one)) }));
    },
    suggest(suggest) {
      suggesters.add(suggest);
      return () => suggesters.delete(suggest);
    },
    suggestions: query => [...suggesters].flatMap(suggest => suggest(query)),
    find,
    run(id) {
      const command = find(id);
      if (command === undefined || command.when?.() === false) return false;
      command.run();
      return true;
    },
  };
}
