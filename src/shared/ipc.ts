import type { CommandError } from './contract.ts';

/** The one channel for commands between the preload and the desktop's door, and the one for events. */
export const INVOKE_CHANNEL = 'tenhertz:invoke';
export const EVENT_CHANNEL = 'tenhertz:event';

/**
 * What the door answers. Electron keeps only the message of an error that rejects, so a refusal is an answer too and
 * becomes an error with its `code` again in the page.
 */
export type IpcAnswer = { ok: true; result: unknown } | { ok: false; error: CommandError };
