import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { readReplayQuery, type ReplayParameters } from '../engine/events/replay-query.ts';
import { createReplay, replayText } from '../engine/events/replay.ts';
import type { CliDeps } from './host.ts';
import { runTool } from './tool.ts';

/** The flags of `tenhertz replay`. */
export type ReplayFlags = SettingsFlags & ReplayParameters;

/**
 * Prints the events of a channel as NDJSON, no faster than they are read. Entries that cannot be read are left out and
 * counted on stderr at the end.
 */
export async function replay(deps: CliDeps, flags: ReplayFlags): Promise<void> {
  const query = readReplayQuery(flags, deps.clock.now());
  await runTool(deps, flags, async ({ pool, clock, out, err, signal }) => {
    let refused = 0;
    let example = '';
    const onRefused = (entryId: string, reason: string): void => {
      if (refused === 0) example = `${entryId}: ${reason}`;
      refused += 1;
    };
    for await (const piece of replayText(createReplay({ pool, clock }), query, { signal, onRefused })) {
      await out.write(piece);
      if (out.gone || signal.aborted) break;
    }
    if (refused === 0) return;
    const entries =
      refused === 1 ? '1 entry cannot be read and was' : `${refused} entries cannot be read and were`;
    await err.write(`tenhertz: ${entries} left out (${example}).\n`);
  });
}
