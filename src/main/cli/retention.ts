import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import { createRetention, type RetentionReport } from '../engine/ledger/retention.ts';
import type { CliDeps } from './host.ts';
import { runLedgerTool } from './ledger-tool.ts';

/** The flags of `tenhertz retention`. */
export interface RetentionFlags extends SettingsFlags {
  dryRun?: boolean;
  json?: boolean;
}

/**
 * Removes what is older than its class is kept, as the app does in the background, and tells how much. Rejects with
 * `RETENTION_BUSY` when another program is at it.
 */
export async function retention(deps: CliDeps, flags: RetentionFlags): Promise<void> {
  const dryRun = flags.dryRun === true;
  await runLedgerTool(deps, flags, async ({ ledger, settings, clock, log, metrics, out, signal }) => {
    const keep = settings.ledger.retention;
    const rules = createRetention({ database: ledger, keep, clock, log, metrics });
    const report = await rules.runOnce({ dryRun, signal });
    if (report.busy) {
      throw new TenhertzError(
        'RETENTION_BUSY',
        'Another program is removing old records from this ledger just now; nothing was done here.',
      );
    }
    await out.write(flags.json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ticks: 'price ticks',
  records: 'trades, positions and all other events',
  'candles-1s': 'candles of a second',
  'candles-1m': 'candles of a minute',
};

function reportText({ dryRun, results }: RetentionReport): string {
  const verb = dryRun ? 'would be removed' : 'removed';
  return results
    .map(({ class: name, keptDays, before, rows }) => {
      const days = `${Number(keptDays.toFixed(2))} day${keptDays === 1 ? '' : 's'}`;
      const when = new Date(before).toISOString();
      return `${WORDS[name] ?? name}: ${rows} ${verb} (kept for ${days}, from before ${when})\n`;
    })
    .join('');
}
