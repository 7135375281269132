import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { isChannelName } from '../engine/events/new-event.ts';
import { badChannel, readPeriod } from '../engine/events/replay-query.ts';
import { openDraft } from '../engine/ledger/draft-file.ts';
import { exportRows, type ExportRequest } from '../engine/ledger/export.ts';
import type { ExportFormat } from '../engine/ledger/export-rows.ts';
import type { CliDeps } from './host.ts';
import { runLedgerTool, type LedgerTool } from './ledger-tool.ts';
import { wrongUsage } from './tool.ts';

/** The flags of `tenhertz export`. */
export interface ExportFlags extends SettingsFlags {
  channel?: string;
  all?: boolean;
  candles?: string;
  since?: string;
  until?: string;
  format?: string;
  output?: string;
}

/**
 * Writes events or candles of the ledger to stdout or into a file, and says on stderr how many. A file takes its place only when it is
 * whole.
 */
export async function exportLedger(deps: CliDeps, flags: ExportFlags): Promise<void> {
  const request = readRequest(flags, deps.clock.now());
  await runLedgerTool(deps, flags, tool =>
    flags.output === undefined ? toStdout(tool, request) : toFile(tool, request, flags.output),
  );
}

/** @throws TenhertzError `WRONG_USAGE`, `BAD_CHANNEL` or `BAD_TIME` (exit code 2) */
function readRequest(flags: ExportFlags, now: number): ExportRequest {
  const { channel, candles, output = '' } = flags;
  const chosen = [channel, candles, flags.all].filter(one => one !== undefined && one !== false);
  if (chosen.length !== 1)
    throw wrongUsage('Give one of --channel X, --all (the events of every channel) or --candles TOKEN.');
  const period = readPeriod({ since: flags.since ?? '0', until: flags.until }, now);
  const format = readFormat(flags.format ?? (output.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson'));
  if (candles !== undefined) return { ...period, format, candles };
  if (channel === undefined) return { ...period, format, all: true };
  if (!isChannelName(channel)) throw badChannel(channel);
  return { ...period, format, channel };
}

function readFormat(text: string): ExportFormat {
  if (text === 'csv' || text === 'ndjson') return text;
  throw wrongUsage(`--format cannot be ${JSON.stringify(text)}; give csv or ndjson.`);
}

async function toStdout(tool: LedgerTool, request: ExportRequest): Promise<void> {
  const { ledger, out, err, signal } = tool;
  const count = await exportRows(ledger, request, async piece => {
    await out.write(piece);
    return !out.gone && !signal.aborted;
  });
  if (!out.gone && !signal.aborted) await err.write(countText(request, count));
}

async function toFile(tool: LedgerTool, request: ExportRequest, output: string): Promise<void> {
  const { ledger, err, signal } = tool;
  const draft = await openDraft(output);
  try {
    const count = await exportRows(ledger, request, async piece => {
      await draft.write(piece);
      return !signal.aborted;
    });
    if (signal.aborted) return;
    await draft.keep();
    await err.write(countText(request, count));
  } finally {
    await draft.discard();
  }
}

function countText(request: ExportRequest, count: number): string {
  const what = 'candles' in request ? 'candle' : 'event';
  return `tenhertz: ${count} ${what}${count === 1 ? '' : 's'}.\n`;
}
