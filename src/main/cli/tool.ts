import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { LedgerDatabase } from '../engine/ledger/database.ts';
import type { RedisPool } from '../engine/redis/pool.ts';
import type { CliDeps } from './host.ts';
import { endSoon, runCommand, type CommandBase } from './run-command.ts';
import { openToolLedger, type ToolLedger } from './tool-ledger.ts';
import { openToolRedis } from './tool-redis.ts';

/** What a command that works on Redis, and perhaps on the ledger, is given. */
export interface Tool extends CommandBase {
  pool: RedisPool;
  /**
   * The ledger, opened when it is asked for the first time and closed with the command; see `openToolLedger` for where it is found and for
   * the errors.
   */
  ledger: () => Promise<LedgerDatabase>;
}

/**
 * Finds or starts Redis, does `work`, and lets go of everything again, whatever happened. Rejects with what `work` rejects
 * with, and with `INTERRUPTED` (exit code 1) when a signal ended it: what it has done until then stays.
 */
export async function runTool(
  deps: CliDeps,
  flags: SettingsFlags,
  work: (tool: Tool) => Promise<void>,
): Promise<void> {
  await runCommand(deps, flags, async base => {
    let opened: Promise<ToolLedger> | undefined;
    const redis = await openToolRedis(base);
    try {
      const ledger = async (): Promise<LedgerDatabase> => {
        opened ??= openToolLedger({ ...base, held: redis.holdsDataDir });
        return (await opened).database;
      };
      await endSoon(work({ ...base, pool: redis.pool, ledger }), base);
    } finally {
      // What could not be opened has nothing to close.
      await opened?.then(ledger => ledger.close()).catch(() => undefined);
      await redis.close();
    }
  });
}

/** The refusal of a command line; exit code 2. */
export function wrongUsage(message: string): TenhertzError {
  return new TenhertzError('WRONG_USAGE', message, { exitCode: 2 });
}
