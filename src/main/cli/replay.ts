import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { readReplayQuery, type ReplayParameters } from '../engine/events/replay-query.ts';
import { TenhertzError } from '../engine/errors.ts';
import { replayText } from '../engine/events/replay.ts';
import type { LedgerDatabase } from '../engine/ledger/database.ts';
import { createJoinedReplay } from '../engine/ledger/joined-replay.ts';
import type { CliDeps } from './host.ts';
import { runTool } from './tool.ts';

/** The flags of `tenhertz replay`. */
export type ReplayFlags = SettingsFlags & ReplayParameters;

/**
 * Prints the events of a channel as NDJSON, no faster than they are read: what the stream has trimmed from the ledger, which is
 * opened only for that. Entries that cannot be read are left out and
 * counted on stderr at the end.
 */
export async function replay(deps: CliDeps, flags: ReplayFlags): Promise<void> {
  const query = readReplayQuery(flags, deps.clock.now());
  await runTool(deps, flags, async ({ pool, clock, ledger, out, err, signal }) => {
    const joined = createJoinedReplay({ pool, clock, database: () => ledger().catch(noneByChoice) });
    let refused = 0;
    let example = '';
    const onRefused = (entryId: string, reason: string): void => {
      if (refused === 0) example = `${entryId}: ${reason}`;
      refused += 1;
    };
    for await (const piece of replayText(joined, query, { signal, onRefused })) {
      await out.write(piece);
      if (out.gone || signal.aborted) break;
    }
    if (refused === 0) return;
    const entries =
      refused === 1 ? '1 entry cannot be read and was' : `${refused} entries cannot be read and were`;
    await err.write(`tenhertz: ${entries} left out (${example}).\n`);
  });
}

/** Without a ledger the stream is all there is. */
function noneByChoice(error: unknown): LedgerDatabase | undefined {
  if (error instanceof TenhertzError && error.code === 'LEDGER_OFF') return undefined;
  throw error;
}
