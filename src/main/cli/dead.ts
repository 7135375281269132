import type { DeadLetterView } from '../../shared/contract.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { createDeadLetterStore, type DeadLetterStore } from '../engine/events/dead-letter-store.ts';
import { isChannelName } from '../engine/events/new-event.ts';
import { badChannel } from '../engine/events/replay-query.ts';
import type { CliDeps } from './host.ts';
import { plain } from './plain.ts';
import { runTool, wrongUsage } from './tool.ts';

/** The flags of `tenhertz dead`; `true` is a flag without ids. */
export interface DeadFlags extends SettingsFlags {
  channel?: string;
  requeue?: string[] | true;
  drop?: string[] | true;
  all?: boolean;
  json?: boolean;
}

/** What is done to letters. */
interface Change {
  verb: 'requeue' | 'drop';
  done: 'requeued' | 'dropped';
  ids: string[] | 'all';
}

const SHOWN = 100;
/** More letters than a channel keeps. */
const EVERY = 1_000_000;

/** Lists the channels that have dead letters, or the letters of one, newest first; puts letters back, or drops them. */
export async function dead(deps: CliDeps, flags: DeadFlags): Promise<void> {
  const { channel } = flags;
  if (channel !== undefined && !isChannelName(channel)) throw badChannel(channel);
  const change = readChange(flags);
  if (change !== undefined && channel === undefined)
    throw wrongUsage(`Give --channel: the channel whose dead letters are to be ${change.done}.`);
  await runTool(deps, flags, async ({ pool, clock, out, signal }) => {
    const store = createDeadLetterStore({ pool, clock });
    const json = flags.json === true;
    if (channel === undefined) await out.write(await channelsText(store, json));
    else if (change === undefined)
      await out.write(await lettersText(store, channel, json, flags.all === true));
    else await out.write(changeText(channel, change, json, await apply(store, channel, change, signal)));
  });
}

/** @throws TenhertzError `WRONG_USAGE` */
function readChange({ requeue, drop, all }: DeadFlags): Change | undefined {
  if (requeue !== undefined && drop !== undefined)
    throw wrongUsage('Give --requeue or --drop, not both at once.');
  const given = requeue ?? drop;
  if (given === undefined) return undefined;
  const names =
    requeue === undefined
      ? ({ verb: 'drop', done: 'dropped' } as const)
      : ({ verb: 'requeue', done: 'requeued' } as const);
  const listed = given === true ? [] : given.flatMap(text => text.split(',')).filter(id => id !== '');
  if ((listed.length === 0) !== (all === true))
    throw wrongUsage(`Give --${names.verb} the ids of letters, or --all for every one of the channel.`);
  const wrong = listed.find(id => !/^\d{1,20}-\d{1,20}$/.test(id));
  if (wrong !== undefined)
    throw wrongUsage(`"${wrong}" is not the id of a dead letter; they look like 1763726400000-0.`);
  return { ...names, ids: all === true ? 'all' : listed };
}

async function apply(
  store: DeadLetterStore,
  channel: string,
  { verb, ids }: Change,
  signal: AbortSignal,
): Promise<number> {
  if (ids !== 'all') return store[verb](channel, ids);
  let count = 0;
  for await (const page of store.ids(channel)) {
    if (signal.aborted) break;
    count += await store[verb](channel, page);
  }
  return count;
}

async function channelsText(store: DeadLetterStore, json: boolean): Promise<string> {
  const found = await store.channels();
  if (json) return `${JSON.stringify(found)}\n`;
  const lines = found.channels.map(({ channel, count }) => `${plain(channel)}  ${count}`);
  if (lines.length === 0) lines.push('There are no dead letters.');
  if (!found.complete) lines.push('The search stopped before its end; there may be more.');
  return `${lines.join('\n')}\n`;
}

async function lettersText(
  store: DeadLetterStore,
  channel: string,
  json: boolean,
  all: boolean,
): Promise<string> {
  const letters = await store.list(channel, all ? EVERY : SHOWN + 1);
  const more = !all && letters.length > SHOWN;
  if (more) letters.pop();
  if (json) return `${JSON.stringify({ channel, letters, more })}\n`;
  if (letters.length === 0) return `"${channel}" has no dead letters.\n`;
  const rest = more ? `These are the newest ${SHOWN}; --all shows every one.\n` : '';
  return `${letters.map(letterLine).join('\n')}\n${rest}`;
}

function letterLine({ id, at, reason, count, entryId, fields }: DeadLetterView): string {
  const tried = count === 1 ? 'tried once' : `tried ${count} times`;
  const when = new Date(at).toISOString();
  return `${id}  ${when}  ${plain(reason)}, ${tried}; entry ${plain(entryId)}  ${plain(JSON.stringify(fields))}`;
}

function changeText(channel: string, change: Change, json: boolean, count: number): string {
  if (json) return `${JSON.stringify({ channel, [change.done]: count })}\n`;
  const asked = change.ids === 'all' ? count : change.ids.length;
  const others = asked > count ? `; ${asked - count} of the ids given are not there` : '';
  return `${count} ${change.done}${others}.\n`;
}
