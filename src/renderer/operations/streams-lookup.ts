import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamsView } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import { messageOf } from '../bridge/message-of.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** A look-up younger than this is not repeated by itself. */
export const READ_EVERY_MS = 5_000;

/** The last look at the server's streams. */
export interface StreamsState {
  view: StreamsView | null;
  /** Why the last look failed; the view is then an older one. */
  failed: string | null;
  reading: boolean;
}

/** Looks at the streams while somebody looks at the screen; it is a question to the server, so it is asked sparingly. */
export interface StreamsLookup {
  readonly store: StoreApi<StreamsState>;
  /** Looks now, unless a look is under way. Never rejects: the reason is in the state. */
  read(): Promise<void>;
  /** Looks when the last look is old, and again every {@link READ_EVERY_MS} while the page is visible. Returns its undo. */
  watch(): Cancel;
}

/** Makes the look-up; nothing is asked before {@link StreamsLookup.watch} or {@link StreamsLookup.read}. */
export function createStreamsLookup(link: Link, clock: Clock, isHidden: () => boolean): StreamsLookup {
  const store = createStore<StreamsState>(() => ({ view: null, failed: null, reading: false }));
  let askedAt = -Infinity;

  const read = async (): Promise<void> => {
    if (store.getState().reading) return;
    askedAt = clock.now();
    store.setState({ reading: true });
    try {
      store.setState({ view: await link.invoke('streams.list', {}), failed: null });
    } catch (error) {
      store.setState({ failed: messageOf(error) });
    } finally {
      store.setState({ reading: false });
    }
  };

  const readWhenOld = (): void => {
    if (!isHidden() && clock.now() - askedAt >= READ_EVERY_MS) void read();
  };

  return {
    store,
    read,
    watch() {
      readWhenOld();
      return clock.every(READ_EVERY_MS / 5, readWhenOld);
    },
  };
}
