import { readSettings } from '../engine/config/settings.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { messageOf, TenhertzError } from '../engine/errors.ts';
import type { Routed } from '../engine/events/event.ts';
import { readEventLine, type LineDefaults } from './event-line.ts';
import type { CliDeps } from './host.ts';
import { readLines } from './read-lines.ts';
import { Results } from './results.ts';
import { createToolRouter, type ToolRouter } from './tool-router.ts';
import { runTool, wrongUsage, type Tool } from './tool.ts';

/** The flags of `tenhertz publish`. */
export interface PublishFlags extends SettingsFlags {
  channel?: string;
  type?: string;
  data?: string;
  eventId?: string;
  source: string;
  stdin?: boolean;
}

/** Characters in a line; an event's data may have 256 KB. */
const LONGEST_LINE = 1_000_000;
/** These end the command: the lines to come would fare no better. */
const HOPELESS = /^(REDIS_DOWN|ROUTER_BUSY|POOL_CLOSED|OUTPUT_FAILED|COMMITTED_NOT_PUBLISHED|LEDGER_.*)$/;

/**
 * Publishes one event, or each line of stdin, in order; prints `{event_id, sequence_number, id}` per event, with
 * `duplicate: true` when its id was published within the last 10 minutes. Lines that cannot be published are told on
 * stderr with their number and do not keep the others back; then the command ends with exit code 1.
 */
export async function publish(deps: CliDeps, flags: PublishFlags): Promise<void> {
  if (flags.stdin === true) {
    if (flags.data !== undefined || flags.eventId !== undefined)
      throw wrongUsage('--data and --event-id are for one event; with --stdin they belong into the lines.');
    return runTool(deps, flags, tool =>
      withRouter(deps, flags, tool, router => publishLines(tool, router, flags)),
    );
  }
  const { channel, type, data } = flags;
  if (channel === undefined || type === undefined || data === undefined)
    throw wrongUsage('Give --channel, --type and --data, or --stdin with one event a line.');
  const one = readEventLine(oneLine(data, flags.eventId), { channel, type, source: flags.source });
  return runTool(deps, flags, tool =>
    withRouter(deps, flags, tool, async router => {
      const stop = (): void => router.close();
      tool.signal.addEventListener('abort', stop);
      await tool.out.write(resultLine(await router.publish(one.channel, one.event)));
    }),
  );
}

/** The flags as the line they stand for. */
function oneLine(data: string, eventId: string | undefined): string {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (error) {
    throw wrongUsage(
      `--data is not JSON: ${messageOf(error)}. Put it in single quotes, such as '{"a":"1"}'.`,
    );
  }
  return JSON.stringify({ data: value, event_id: eventId });
}

async function withRouter(
  deps: CliDeps,
  flags: PublishFlags,
  tool: Tool,
  run: (router: ToolRouter) => Promise<void>,
): Promise<void> {
  const router = createToolRouter(tool, readSettings({ flags, env: deps.process.env }));
  try {
    await run(router);
  } finally {
    await router.end();
  }
}

async function publishLines(tool: Tool, router: ToolRouter, defaults: LineDefaults): Promise<void> {
  const { out, err, signal } = tool;
  const hopeless = new AbortController();
  let failed = 0;
  const report = async (number: number, error: unknown): Promise<void> => {
    if (!(error instanceof TenhertzError)) throw error;
    if (signal.aborted) return;
    if (HOPELESS.test(error.code)) throw stopped(number, error);
    failed += 1;
    await err.write(`tenhertz: line ${number}: ${error.message}\n`);
  };
  const results = new Results<Routed>({
    settled: result => resultLine(result),
    failed: report,
    write: text => out.write(text),
    onBroken: () => hopeless.abort(),
  });
  const either = AbortSignal.any([signal, hopeless.signal]);
  for await (const { number, text } of readLines(tool.stdin, { maxLength: LONGEST_LINE, signal: either })) {
    if (text?.trim() === '') continue;
    try {
      if (text === undefined) throw new TenhertzError('BAD_LINE', 'it is longer than a million characters.');
      const { channel, event } = readEventLine(text, defaults);
      await results.add(number, router.publish(channel, event));
    } catch (error) {
      await report(number, error);
    }
  }
  if (signal.aborted) router.close();
  await results.end();
  if (failed > 0) {
    const lines = failed === 1 ? '1 line was' : `${failed} lines were`;
    throw new TenhertzError('LINES_FAILED', `${lines} not published; all others were.`);
  }
}

function resultLine(result: Routed): string {
  // Nothing is dropped under the policy above.
  if (result.dropped) return '';
  const { eventId, sequence, entryId, duplicate } = result;
  const line = {
    event_id: eventId,
    sequence_number: sequence,
    id: entryId,
    ...(duplicate ? { duplicate } : {}),
  };
  return `${JSON.stringify(line)}\n`;
}

function stopped(number: number, cause: TenhertzError): TenhertzError {
  const message = `Stopped at line ${number}, which was not published, nor were lines after it: ${cause.message}`;
  const { exitCode } = cause;
  return new TenhertzError(cause.code, message, { exitCode, facts: { line: number }, cause });
}
