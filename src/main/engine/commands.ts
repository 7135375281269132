import { z } from 'zod';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { CommandName, Commands, Interval } from '../../shared/contract.ts';
import { DESK_NAME } from '../../shared/desk.ts';
import { ALERT_ARGUMENTS } from './alerts/arguments.ts';
import { TenhertzError } from './errors.ts';

const nothing = z.strictObject({});
const token = z.string().min(1).max(128);
const channel = z.string().min(1).max(128);
/** A channel's name, or a glob with `*`; which names there can be is decided where it is followed. */
const pattern = z.string().min(1).max(128);
const entryId = z.string().regex(/^\d{1,20}-\d{1,20}$/);
const interval = z.enum(Object.keys(INTERVAL_MS) as [Interval, ...Interval[]]);
const bars = z.int().min(1).max(5_000);
const time = z.int().nonnegative();
/** A document of the screen; see `DeskCommands`. */
const document = z.string().regex(DESK_NAME);
const setting = z.union([
  z.string().max(4_096),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(128)).max(2_000),
  z
    .array(z.strictObject({ pattern: z.string().max(128), mode: z.enum(['strict', 'confirm', 'off']) }))
    .max(200),
]);
const settings = z.strictObject({ changes: z.record(z.string().max(64), setting) });
const letters = z.strictObject({ channel, ids: z.array(entryId).min(1).max(1_000) });

/** What each command accepts; the one door through which a screen reaches the engine. */
const ARGUMENTS = {
  'app.info': nothing,
  'feed.follow': nothing,
  'feed.confirm': z.strictObject({ seq: z.int().nonnegative() }),
  'chart.bars': z.strictObject({
    tokens: z.array(token).max(1_000),
    interval,
    limit: bars,
  }),
  'chart.history': z.strictObject({ token, interval, before: z.int().nonnegative(), limit: bars }),
  'chart.trades': z.strictObject({ token, since: time, until: time, limit: z.int().min(1).max(500) }),
  'sources.use': z.strictObject({ market: z.enum(['live', 'simulated']) }),
  'channels.follow': z.strictObject({ pattern }),
  'channels.unfollow': z.strictObject({ pattern }),
  'streams.list': nothing,
  'streams.entries': z.strictObject({ channel, before: entryId.nullable(), limit: z.int().min(1).max(500) }),
  'moment.range': nothing,
  'moment.density': z.strictObject({ since: time, until: time, buckets: z.int().min(1).max(1_000) }),
  'moment.read': z.strictObject({ at: time }),
  'moment.play': z.strictObject({ since: time, until: time, stepMs: z.int().min(1).max(3_600_000) }),
  'dead.list': z.strictObject({ channel, limit: z.int().min(1).max(500) }),
  'dead.requeue': letters,
  'dead.drop': letters,
  'tokens.check': z.strictObject({ name: token }),
  'tokens.add': z.strictObject({ name: token }),
  'tokens.remove': z.strictObject({ token }),
  'tokens.past': z.strictObject({ tokens: z.array(token).max(1_000) }),
  'tokens.order': z.strictObject({ tokens: z.array(token).max(1_000) }),
  ...ALERT_ARGUMENTS,
  'settings.read': nothing,
  'settings.check': settings,
  'settings.write': settings,
  'desk.read': z.strictObject({ name: document }),
  'desk.write': z.strictObject({ name: document, value: z.json(), version: z.string().max(64).nullable() }),
} satisfies { [C in CommandName]: z.ZodType<Commands[C]['args']> };

/** Every command there is. */
export const COMMAND_NAMES = Object.keys(ARGUMENTS) as readonly CommandName[];

/** The work behind each command. */
export type CommandHandlers = {
  [C in CommandName]: (args: Commands[C]['args']) => Commands[C]['result'] | Promise<Commands[C]['result']>;
};

/**
 * Checks name and arguments, then runs the command. Rejects with `UNKNOWN_COMMAND` or `BAD_ARGUMENTS` (which names the
 * field); nothing of the screen's input reaches a handler unchecked.
 */
export async function runCommand(
  handlers: CommandHandlers,
  command: string,
  args: unknown,
): Promise<unknown> {
  if (!isCommand(command)) {
    throw new TenhertzError('UNKNOWN_COMMAND', `There is no command "${command.slice(0, 64)}".`);
  }
  const parsed = ARGUMENTS[command].safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue && issue.path.length > 0 ? ` at "${issue.path.join('.')}"` : '';
    throw new TenhertzError('BAD_ARGUMENTS', `${command}${where}: ${issue?.message ?? 'invalid arguments'}`);
  }
  const handler = handlers[command] as (args: unknown) => unknown;
  return await handler(parsed.data);
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(ARGUMENTS, name);
}
