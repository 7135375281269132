import type { EntryView, StreamsView } from '../../../shared/contract.ts';

/** Looks at the streams of a server on a person's behalf: budgeted, read-only, never KEYS. */
export interface StreamBrowser {
  list(): Promise<StreamsView>;
  /** Entries of `stream:<channel>` older than `before` (`null`: the newest), newest first. */
  entries(channel: string, before: string | null, limit: number): Promise<EntryView[]>;
}
