import type { Command } from 'commander';
import { backup, restore, type BackupFlags, type RestoreFlags } from './backup.ts';
import { exportLedger, type ExportFlags } from './export.ts';
import type { CliDeps } from './host.ts';
import { retention, type RetentionFlags } from './retention.ts';
import { verify, type VerifyFlags } from './verify.ts';

const TIMES = 'RFC 3339, epoch milliseconds, or a time ago: -15m, -2h, -1d, -30s';

/** Puts `verify`, `export`, `backup`, `restore` and `retention` on the program. */
export function addLedgerCommands(program: Command, deps: CliDeps): void {
  program
    .command('verify')
    .description('compares streams and ledger; each difference is a line, and then the exit code is 1')
    .option('--since <T>', TIMES)
    .option('--until <T>', 'the same; now when left out')
    .option('--channel <X...>', 'these channels only; * stands for any characters')
    .option('--delay <MS>', 'entries younger than this are not judged: they may be on their way', '2000')
    .option('--json', 'NDJSON')
    .action(async (_flags: unknown, command: Command) =>
      verify(deps, command.optsWithGlobals<VerifyFlags>()),
    );

  program
    .command('export')
    .description('events or candles of the ledger as CSV or NDJSON')
    .option('--channel <X>', 'the events of a channel')
    .option('--all', 'the events of every channel')
    .option('--candles <TOKEN>', 'the price history of a token')
    .option('--since <T>', TIMES)
    .option('--until <T>', 'the same')
    .option('--format <F>', 'csv or ndjson; by the name of the file, else ndjson')
    .option('--output <FILE>', 'a file; stdout when left out')
    .action(async (_flags: unknown, command: Command) =>
      exportLedger(deps, command.optsWithGlobals<ExportFlags>()),
    );

  program
    .command('backup')
    .description('ledger and settings in one file')
    .option('--output <FILE>', 'where to; replaced when it is there')
    .action(async (_flags: unknown, command: Command) =>
      backup(deps, command.optsWithGlobals<BackupFlags>()),
    );

  program
    .command('restore')
    .description('puts a backup into an empty ledger; no app may run on the data directory')
    .argument('<FILE>', 'what backup has written')
    .option('--force', 'replaces what the ledger holds')
    .option('--settings', 'restores settings and layouts too')
    .action(async (file: string, _flags: unknown, command: Command) =>
      restore(deps, file, command.optsWithGlobals<RestoreFlags>()),
    );

  program
    .command('retention')
    .description('removes what is older than the settings keep it, as the app does by itself')
    .option('--dry-run', 'only counts')
    .option('--json', 'one JSON object')
    .action(async (_flags: unknown, command: Command) =>
      retention(deps, command.optsWithGlobals<RetentionFlags>()),
    );
}
