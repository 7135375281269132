import type { DeskDocument } from '../../shared/desk.ts';
import type { Link } from '../bridge/link.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** How long changes are gathered before a document is written. */
export const SAVE_AFTER_MS = 400;

/** One document the screen keeps with the engine. */
export interface KeptDocument {
  /** What is kept; `problem` says why something kept could not be read. Rejects while there is no line to the engine. */
  read(): Promise<DeskDocument | null>;
  /** Writes the newest value a moment later; `onFailed` is told when the engine refuses or cannot be reached. */
  save(value: () => unknown): void;
  /** Writes now what waits. */
  flush(): void;
}

/** The documents of this screen. */
export interface DeskDocuments {
  open(name: string, onFailed: (message: string) => void): KeptDocument;
  stop: Cancel;
}

export function createDeskDocuments(link: Link, clock: Clock): DeskDocuments {
  const all: KeptDocument[] = [];
  return {
    open(name, onFailed) {
      let waiting: { value: () => unknown; cancel: Cancel } | null = null;
      const write = (): void => {
        if (waiting === null) return;
        const { value, cancel } = waiting;
        cancel();
        waiting = null;
        link
          .invoke('desk.write', { name, value: value() })
          .catch((error: unknown) => onFailed(error instanceof Error ? error.message : String(error)));
      };
      const document: KeptDocument = {
        read: () => link.invoke('desk.read', { name }),
        save(value) {
          waiting?.cancel();
          waiting = { value, cancel: clock.after(SAVE_AFTER_MS, write) };
        },
        flush: write,
      };
      all.push(document);
      return document;
    },
    stop() {
      for (const document of all) document.flush();
    },
  };
}
