import type { DeskDocument } from '../../shared/desk.ts';
import type { Link } from '../bridge/link.ts';
import { messageOf } from '../bridge/message-of.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** How long changes are gathered before a document is written. */
export const SAVE_AFTER_MS = 400;

/** How often a write is tried when other windows keep coming before it; then it waits for the next change. */
const TRIES = 5;

/** What is written, and what happens around it. */
export interface Writing {
  /** The newest value; asked for when it is written. */
  value(): unknown;
  /** Another window has written this meanwhile: to be taken into {@link value}, which is then written. Else the last one wins. */
  merge?(newest: unknown): void;
  /** The last {@link value} stands there now. */
  saved?(): void;
}

/** One document the screen keeps with the engine. */
export interface KeptDocument {
  /** What is kept; `problem` says why something kept could not be read. Rejects while there is no line to the engine. */
  read(): Promise<DeskDocument | null>;
  /** Writes the newest value a moment later; `onFailed` is told when the engine refuses or cannot be reached. */
  save(writing: Writing): void;
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
      let waiting: { writing: Writing; cancel: Cancel } | null = null;
      /** What the page has seen last; `null` before anything was read. */
      let version: string | null = null;
      let busy = false;
      const put = async (writing: Writing): Promise<void> => {
        for (let left = TRIES; left > 0; left -= 1) {
          const value = plainJson(writing.value());
          const answer = await link.invoke('desk.write', { name, value, version });
          ({ version } = answer);
          if (answer.newest === null) {
            writing.saved?.();
            return;
          }
          writing.merge?.(answer.newest.value);
        }
        throw new Error('other windows change it all the time; it is saved with the next change.');
      };
      // One write at a time: the next one has to name the version this one makes.
      const write = (): void => {
        if (waiting === null || busy) return;
        const { writing, cancel } = waiting;
        cancel();
        waiting = null;
        busy = true;
        put(writing)
          .catch((error: unknown) => onFailed(messageOf(error)))
          .finally(() => {
            busy = false;
            if (waiting !== null) write();
          });
      };
      const document: KeptDocument = {
        async read() {
          const found = await link.invoke('desk.read', { name });
          ({ version } = found);
          return found;
        },
        save(writing) {
          waiting?.cancel();
          waiting = { writing, cancel: clock.after(SAVE_AFTER_MS, write) };
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

/** Without what is `undefined`: the desktop's line would carry it, a WebSocket does not, and the engine refuses it. */
function plainJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
