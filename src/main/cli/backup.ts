import { openDataDir } from '../engine/config/data-dir.ts';
import { packageVersion } from '../engine/config/package-version.ts';
import { readSettings } from '../engine/config/settings.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { writeDocuments } from '../engine/ledger/backup-documents.ts';
import { writeBackup } from '../engine/ledger/backup.ts';
import { restoreBackup } from '../engine/ledger/restore.ts';
import type { CliDeps } from './host.ts';
import { runLedgerTool } from './ledger-tool.ts';
import { wrongUsage } from './tool.ts';

/** The flags of `tenhertz backup`. */
export interface BackupFlags extends SettingsFlags {
  output?: string;
}

/** The flags of `tenhertz restore`. */
export interface RestoreFlags extends SettingsFlags {
  force?: boolean;
  settings?: boolean;
}

/** Writes ledger and settings into one file, beside a running app or without one. */
export async function backup(deps: CliDeps, flags: BackupFlags): Promise<void> {
  const { output } = flags;
  if (output === undefined) throw wrongUsage('Give --output FILE: where the backup is to be written.');
  await runLedgerTool(
    deps,
    flags,
    async ({ ledger, settings, clock, err, signal }) => {
      const version = packageVersion(deps.rootDir);
      const { path, rows, files } = await writeBackup(
        { ledger, dataDir: settings.dataDir, version, clock, signal },
        output,
      );
      const kept = files.length === 0 ? 'no settings' : files.join(', ');
      await err.write(
        `tenhertz: ${path} holds ${rowsText(rows)}; ${kept}. Only you can read it: settings may hold keys.\n`,
      );
    },
    { onInterrupt: 'Interrupted: there is no backup; a file that had its name before is untouched.' },
  );
}

/** Puts a backup's ledger into an empty one (or replaces it), and its settings into the data directory when asked. */
export async function restore(deps: CliDeps, file: string, flags: RestoreFlags): Promise<void> {
  const { dataDir } = readSettings({ flags, env: deps.process.env });
  // Held until the end: an app that starts meanwhile would write into what is being replaced.
  const held = await openDataDir(dataDir);
  try {
    await runLedgerTool(
      deps,
      flags,
      async ({ ledger, err, signal }) => {
        const options = { force: flags.force === true, signal };
        const { header, rows, documents } = await restoreBackup(ledger, file, options);
        await err.write(`tenhertz: restored ${rowsText(rows)}, as of ${header.created}.\n`);
        if (documents.length === 0) return;
        const names = documents.map(document => document.file).join(', ');
        if (flags.settings === true) {
          await writeDocuments(dataDir, documents);
          await err.write(`tenhertz: restored ${names} in ${dataDir}.\n`);
        } else await err.write(`tenhertz: left alone: ${names}. Restore them too with --settings.\n`);
      },
      { held: true, onInterrupt: 'Interrupted: the ledger is as it was.' },
    );
  } finally {
    await held.close();
  }
}

function rowsText(rows: Readonly<Record<string, number>>): string {
  const { event_log: events = 0, candle: candles = 0 } = rows;
  return `${events} event${events === 1 ? '' : 's'} and ${candles} candle${candles === 1 ? '' : 's'}`;
}
