import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { readSettings } from '../engine/config/settings.ts';
import { TenhertzError } from '../engine/errors.ts';
import { readPattern } from '../engine/events/channel-pattern.ts';
import { readPeriod } from '../engine/events/replay-query.ts';
import { channelModes } from '../engine/ledger/channel-modes.ts';
import { differenceLine } from '../engine/ledger/difference.ts';
import { verify as compare, type VerifySummary } from '../engine/ledger/verify.ts';
import type { CliDeps } from './host.ts';
import { plain } from './plain.ts';
import { runTool, wrongUsage } from './tool.ts';

/** The flags of `tenhertz verify`. */
export interface VerifyFlags extends SettingsFlags {
  since?: string;
  until?: string;
  channel?: string[];
  delay?: string;
  json?: boolean;
}

const DELAY_MS = 2_000;
const DAY_MS = 86_400_000;

/**
 * Compares streams and ledger over a period and prints each difference as a line, and what was compared on stderr. Rejects
 * with `DIFFERENCES` (exit code 1) when there are any.
 */
export async function verify(deps: CliDeps, flags: VerifyFlags): Promise<void> {
  const period = readPeriod(flags, deps.clock.now());
  const channels = (flags.channel ?? []).flatMap(text => text.split(',')).map(readPattern);
  const delayMs = readDelay(flags.delay);
  const { ledger: choices } = readSettings({ flags, env: deps.process.env });
  await runTool(deps, flags, async tool => {
    const { pool, clock, out, err } = tool;
    const began = clock.monotonic();
    const { ticksDays, recordsDays } = choices.retention;
    const now = clock.now();
    const gone = new AbortController();
    const summary = await compare(
      {
        ...{ pool, clock, ledger: await tool.ledger(), modeOf: channelModes(choices.modes) },
        keptSince: type => now - DAY_MS * (type === 'price_update' ? ticksDays : recordsDays),
      },
      { ...period, channels, delayMs },
      {
        signal: AbortSignal.any([tool.signal, gone.signal]),
        async report(difference) {
          await out.write(
            `${flags.json === true ? JSON.stringify(difference) : differenceLine(difference)}\n`,
          );
          if (out.gone) gone.abort();
        },
      },
    );
    if (tool.signal.aborted) return;
    await err.write(summaryText(summary, clock.monotonic() - began));
    if (summary.differences === 0) return;
    const found =
      summary.differences === 1 ? 'There is 1 difference' : `There are ${summary.differences} differences`;
    throw new TenhertzError('DIFFERENCES', `${found} between streams and ledger.`, {
      facts: { differences: summary.differences },
    });
  });
}

function readDelay(text: string | undefined): number {
  if (text === undefined) return DELAY_MS;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw wrongUsage(`--delay cannot be ${JSON.stringify(text)}; give milliseconds, such as 2000.`);
}

function summaryText(summary: VerifySummary, ms: number): string {
  const { channels, compared, differences, off, empty, unreadable, complete } = summary;
  const lines = [
    `${count(channels.length, 'channel')}, ${count(compared, 'entry', 'entries')} compared, ${count(differences, 'difference')}, ${(ms / 1_000).toFixed(1)} s`,
  ];
  if (off.length > 0) lines.push(`not recorded, so not compared: ${names(off)}`);
  if (empty.length > 0)
    lines.push(`nothing in the stream, so only the records were looked at: ${names(empty)}`);
  if (unreadable > 0)
    lines.push(`${count(unreadable, 'entry', 'entries')} that are no events (see: tenhertz dead)`);
  if (!complete) lines.push('not every stream was found in time; name the channels with --channel');
  return lines.map(line => `tenhertz: ${plain(line)}\n`).join('');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const SHOWN = 20;

function names(list: readonly string[]): string {
  const rest = list.length > SHOWN ? ` and ${list.length - SHOWN} more` : '';
  return `${list.slice(0, SHOWN).join(', ')}${rest}`;
}
