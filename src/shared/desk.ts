/**
 * The documents a screen keeps with the engine: layouts, keys, appearance. The page itself has no lasting place to keep
 * them, because the gateway's address changes from start to start. What is in them is the screen's business.
 */

/** What names a document may have: `layouts`, `keys`. */
export const DESK_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** The most a document may take as JSON text, in bytes. */
export const DESK_LIMIT_BYTES = 256 * 1024;

/** A document as it was found. */
export interface DeskDocument {
  /** Plain JSON; `null` when there is none (yet), or none that can be read. */
  value: unknown;
  /** Why what is there could not be read, for the trader; it was put aside. `null`: nothing is wrong. */
  problem: string | null;
  /** Names what stands there now; the same content has the same version. Empty when there is none. */
  version: string;
}

/** What became of a write. */
export interface DeskWrite {
  /** Of what was written; of what stands there when nothing was. */
  version: string;
  /** Another window has written meanwhile: nothing was changed, and this is what stands there. `null`: it was written. */
  newest: DeskDocument | null;
}

/** Several windows share the documents: each write says which version it has changed. */
export interface DeskCommands {
  'desk.read': { args: { name: string }; result: DeskDocument };
  /** Replaces the document of that version (`null`: any), whole or not at all. Refused with `DESK_TOO_LARGE` above {@link DESK_LIMIT_BYTES}. */
  'desk.write': { args: { name: string; value: unknown; version: string | null }; result: DeskWrite };
}
