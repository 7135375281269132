import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import type { LedgerDatabase } from '../engine/ledger/database.ts';
import type { CliDeps } from './host.ts';
import { endSoon, runCommand, type CommandBase } from './run-command.ts';
import { openToolLedger } from './tool-ledger.ts';

/** What a command that needs only the ledger is given. */
export interface LedgerTool extends CommandBase {
  ledger: LedgerDatabase;
}

/**
 * Finds or starts the ledger, does `work`, and lets go of it again, whatever happened; needs no Redis. Rejects as `openToolLedger` and
 * `runCommand` do.
 *
 * @param options.held the caller holds the data directory already
 */
export async function runLedgerTool(
  deps: CliDeps,
  flags: SettingsFlags,
  work: (tool: LedgerTool) => Promise<void>,
  options: { held?: boolean; onInterrupt?: string } = {},
): Promise<void> {
  await runCommand(
    deps,
    flags,
    async base => {
      const opened = await openToolLedger({ ...base, held: options.held ?? false });
      try {
        await endSoon(work({ ...base, ledger: opened.database }), base);
      } finally {
        await opened.close();
      }
    },
    options.onInterrupt,
  );
}
