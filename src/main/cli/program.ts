import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../engine/config/package-version.ts';
import { readSettings } from '../engine/config/settings.ts';
import { SHARED_FLAGS, type SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import { findDesktopApp, runDesktopApp } from './desktop-app.ts';
import { addEventCommands } from './event-commands.ts';
import type { CliDeps } from './host.ts';
import { addLedgerCommands } from './ledger-commands.ts';
import { serve, updater, type ServeFlags } from './serve.ts';

/**
 * Runs one command line (without `node` and the script) and answers its exit code: 0 done, 1 failed, 2 wrong usage,
 * 3 wrong configuration, 4 a needed server or binary is missing. Only an unexpected error shows a stack trace.
 */
export async function run(argv: readonly string[], deps: CliDeps): Promise<number> {
  try {
    await createProgram(deps).parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own message (help, version or what is wrong with the usage).
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof TenhertzError) {
      deps.process.stderr.write(`tenhertz: ${error.message}\n`);
      return error.exitCode;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    deps.process.stderr.write(`tenhertz: unexpected error\n${text}\n`);
    return 1;
  }
}

function createProgram(deps: CliDeps): Command {
  const { stdout, stderr } = deps.process;
  const program = new Command('tenhertz')
    .description('A trading monitor for Solana tokens. Without a command: the desktop app.')
    .version(packageVersion(deps.rootDir), '-V, --version')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .exitOverride();
  for (const { name, value, help } of SHARED_FLAGS) {
    program.option(value === undefined ? `--${name}` : `--${name} <${value}>`, help);
  }
  program
    .option('--updater', 'the desktop app in the tray only, without a window')
    .action(async (flags: SettingsFlags & { updater?: boolean }) => openMonitor(deps, flags));

  program
    .command('serve')
    .description('the engine and the monitor in the browser')
    .addOption(new Option('--port <N>', 'port to listen on (0: any free one)').argParser(parsePort))
    .option('--host <H>', 'address to listen on', '127.0.0.1')
    .option('--no-open', 'do not open the browser')
    .action(async (_flags: unknown, command: Command) => serve(deps, command.optsWithGlobals<ServeFlags>()));

  program
    .command('updater')
    .description('the updater alone, no screen')
    .action(async (_flags: unknown, command: Command) =>
      updater(deps, command.optsWithGlobals<SettingsFlags>()),
    );

  addEventCommands(program, deps);
  addLedgerCommands(program, deps);

  program
    .command('bench')
    .description('the benchmarks, each beside the raw client')
    .option('--json', 'one JSON object instead of a table')
    .action(async (_flags: unknown, command: Command) => bench(deps, command.optsWithGlobals<BenchFlags>()));

  return program;
}

interface BenchFlags extends SettingsFlags {
  json?: boolean;
}

/** On a private Redis of its own; needs no data directory and disturbs no running app. */
async function bench(deps: CliDeps, flags: BenchFlags): Promise<void> {
  const { redisServerPath } = readSettings({ flags, env: deps.process.env });
  // Loaded when asked for: nobody else needs it.
  const { formatBench, runBench } = await import('./bench/run.ts');
  const report = await runBench(redisServerPath === undefined ? {} : { redisServerPath });
  deps.process.stdout.write(`${flags.json === true ? JSON.stringify(report) : formatBench(report)}\n`);
}

/** The desktop app where it can run; else the same monitor in the browser (or the updater alone), and says so. */
async function openMonitor(deps: CliDeps, flags: SettingsFlags & { updater?: boolean }): Promise<void> {
  const app = findDesktopApp(deps.rootDir, deps.process);
  if ('electron' in app) return runDesktopApp(deps, app, flags);
  const instead = flags.updater === true ? 'running the updater without a tray' : 'using the browser instead';
  deps.process.stderr.write(`tenhertz: ${app.missing}; ${instead}.\n`);
  return flags.updater === true
    ? updater(deps, flags)
    : serve(deps, { ...flags, host: '127.0.0.1', open: true });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
