import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';

/** What became of one call. */
export type Poll =
  | { kind: 'answered'; body: string }
  /** `resetAt`: when a call is free again, if the venue said so. */
  | { kind: 'rate-limited'; resetAt: EpochMs | null }
  | { kind: 'refused'; status: number }
  | { kind: 'failed'; message: string; tooLarge: boolean };

/** A call that takes longer than this is given up. */
export const POLL_TIMEOUT_MS = 3_000;
/** Fifty prices are about 10 kB, fifty pools about 100 kB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * One call, from request to whole body, within {@link POLL_TIMEOUT_MS}. Does not reject for anything the network or the server
 * does. A key goes into a header and nowhere else.
 */
export async function pollHttp(call: {
  url: string;
  /** Sent as `x-api-key`. */
  apiKey?: string | undefined;
  clock: Clock;
  abort: AbortController;
  fetch: typeof fetch;
}): Promise<Poll> {
  const { url, apiKey, clock, abort } = call;
  const cancel = clock.after(POLL_TIMEOUT_MS, () => abort.abort());
  try {
    const response = await call.fetch(url, {
      signal: abort.signal,
      redirect: 'error',
      headers: { accept: 'application/json', ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }) },
    });
    if (!response.ok) void response.body?.cancel().catch(() => undefined);
    if (response.status === 429) {
      return { kind: 'rate-limited', resetAt: resetTime(response.headers, clock.now()) };
    }
    if (response.status === 401 || response.status === 403)
      return { kind: 'refused', status: response.status };
    if (!response.ok)
      return { kind: 'failed', message: `it answered HTTP ${response.status}`, tooLarge: false };
    const body = await readBody(response);
    if (body === undefined)
      return { kind: 'failed', message: `its answer is above ${MAX_BODY_BYTES} bytes`, tooLarge: true };
    return { kind: 'answered', body };
  } catch (error) {
    const message = abort.signal.aborted ? `no answer within ${POLL_TIMEOUT_MS / 1000} s` : reasonOf(error);
    return { kind: 'failed', message, tooLarge: false };
  } finally {
    cancel();
  }
}

/** `x-ratelimit-reset` is in unix seconds; `Retry-After` in seconds from now, or a date (RFC 9110). */
function resetTime(headers: Headers, now: EpochMs): EpochMs | null {
  const reset = headers.get('x-ratelimit-reset') ?? '';
  if (/^\d{1,12}$/.test(reset)) return Number(reset) * 1000;
  const after = headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(after)) return now + Number(after) * 1000;
  const at = /[a-z]/i.test(after) ? Date.parse(after) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The whole body as text; `undefined` when it is larger than allowed. */
async function readBody(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `fetch` says only "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return messageOf(error);
  const text = messageOf(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return text === '' ? code : text;
}
