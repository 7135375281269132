import { z } from 'zod';
import type { CommandError, WireRequest } from '../../shared/contract.ts';
import type { BatchFrame } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';

const Request = z.strictObject({
  id: z.int().nonnegative(),
  command: z.string().max(128),
  args: z.unknown(),
});

/** The request in a text frame, or `undefined` for anything else. */
export function parseRequest(text: string): WireRequest | undefined {
  try {
    return Request.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const wireTexts = new WeakMap<BatchFrame, Buffer>();

/** The frame of a batch, made once however many clients get it (R13.2): bytes, so that no socket encodes it again. */
export function batchMessage(frame: BatchFrame): Buffer {
  const made = wireTexts.get(frame);
  if (made !== undefined) return made;
  const message = Buffer.from(`{"event":"feed.batch","payload":${frame.json}}`);
  wireTexts.set(frame, message);
  return message;
}

/** The answer to request `id`; a command without a result answers `null`. */
export function resultMessage(id: number, result: unknown): string {
  return JSON.stringify({ id, result: result ?? null });
}

/** The refusal of request `id`. */
export function errorMessage(id: number, error: CommandError): string {
  return JSON.stringify({ id, error });
}

/** What a screen is told of an error: a coded one as it is, an unexpected one without its inside. */
export function toCommandError(error: unknown): CommandError {
  return error instanceof TenhertzError
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: 'Something unexpected went wrong; the log says what.' };
}
