import type { EpochMs } from '../../../shared/contract.ts';
import type { ReplayQuery } from '../../../shared/replay.ts';
import { TenhertzError } from '../errors.ts';
import { isChannelName } from './new-event.ts';

/** The parameters of a replay as a person wrote them. */
export interface ReplayParameters {
  channel?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  speed?: string | undefined;
}

const AGO = /^-(\d{1,9})([smhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
/** The last millisecond of the year 9999. */
const LAST_TIME = 253_402_300_799_999;

/**
 * Checks the parameters of a replay.
 *
 * @throws TenhertzError `BAD_CHANNEL`, `BAD_TIME` or `BAD_SPEED` (exit code 2) that names the parameter and says what to write.
 */
export function readReplayQuery(from: ReplayParameters, now: EpochMs): ReplayQuery {
  const { channel, since, until, speed } = from;
  if (channel === undefined || !isChannelName(channel)) throw badChannel(channel);
  return {
    channel,
    ...readPeriod({ since, until }, now),
    speed: speed === undefined ? null : readSpeed(speed),
  };
}

/**
 * Checks a period; `until` that was left out is `null`.
 *
 * @throws TenhertzError `BAD_TIME` (exit code 2)
 */
export function readPeriod(
  { since, until }: Pick<ReplayParameters, 'since' | 'until'>,
  now: EpochMs,
): { since: EpochMs; until: EpochMs | null } {
  if (since === undefined) throw bad('BAD_TIME', 'since', 'is missing', TIMES);
  const period = {
    since: readTime('since', since, now),
    until: until === undefined ? null : readTime('until', until, now),
  };
  if (period.until !== null && period.until < period.since) {
    throw bad('BAD_TIME', 'until', 'lies before since', 'Give a later time, or leave it out.');
  }
  return period;
}

/** The refusal of a channel's name that can be none. */
export function badChannel(channel: string | undefined): TenhertzError {
  const what = channel === undefined ? 'is missing' : `cannot be ${shown(channel)}`;
  return bad(
    'BAD_CHANNEL',
    'channel',
    what,
    'Use letters, digits and _ . : @ / - (at most 128), starting with a letter or digit, such as trade-events.',
  );
}

const TIMES =
  'Write RFC 3339 (2026-11-21T12:00:00Z), epoch milliseconds, or a time ago (-30s, -15m, -2h, -1d).';

function readTime(name: string, text: string, now: EpochMs): EpochMs {
  const ago = AGO.exec(text);
  const time =
    ago === null ? absolute(text) : Math.max(0, now - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0));
  if (time === undefined || !(time >= 0 && time <= LAST_TIME))
    throw bad('BAD_TIME', name, `cannot be ${shown(text)}`, TIMES);
  return time;
}

function absolute(text: string): EpochMs | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, day = '', clock = '', fraction = '', zone = ''] = RFC3339.exec(text) ?? [];
  // The 30th of February would be taken for the 2nd of March.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const time = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

function readSpeed(text: string): number {
  const speed = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw bad(
    'BAD_SPEED',
    'speed',
    `cannot be ${shown(text)}`,
    'Write a number above 0, such as 1 (the original pace) or 10.',
  );
}

function shown(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}

function bad(code: string, parameter: string, what: string, change: string): TenhertzError {
  return new TenhertzError(code, `${parameter} ${what}. ${change}`, { exitCode: 2, facts: { parameter } });
}
