import type { WireFrame } from '../../shared/contract.ts';

/** One frame of the gateway, or `null` for anything that is none: a screen cannot do more than leave it. */
export function parseFrame(data: unknown): WireFrame | null {
  const frame = parseObject(data);
  if (frame === null) return null;
  if (frame['event'] === 'feed.batch' && isObject(frame['payload'])) return frame as unknown as WireFrame;
  if (typeof frame['id'] !== 'number') return null;
  const error = frame['error'];
  if (error === undefined) return 'result' in frame ? { id: frame['id'], result: frame['result'] } : null;
  if (!isObject(error)) return null;
  return { id: frame['id'], error: { code: String(error['code']), message: String(error['message']) } };
}

function parseObject(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
