import { join } from 'node:path';
import { checkHost, startGateway, type Gateway } from '../gateway/gateway.ts';
import { packageVersion } from '../engine/config/package-version.ts';
import { readSettings } from '../engine/config/settings.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import type { Engine } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';
import { createLogger } from '../engine/logger.ts';
import { hasDisplay, type CliDeps } from './host.ts';
import { openBrowser } from './open-browser.ts';
import { runUntilSignal } from './run-until-signal.ts';

/** Asked for when `--port` is not: the same address every time, so that the browser keeps what it remembers for it. */
const USUAL_PORT = 7310;

/** The flags of `tenhertz serve`. */
export interface ServeFlags extends SettingsFlags {
  port?: number | undefined;
  host: string;
  /** False with `--no-open`. */
  open: boolean;
}

/** Runs the engine and the gateway until a signal. Prints the ready line on stdout; everything else goes to stderr. */
export async function serve(deps: CliDeps, flags: ServeFlags): Promise<void> {
  checkHost(flags.host);
  const { engine, log } = makeEngine(deps, flags);
  let gateway: Gateway | undefined;
  await runUntilSignal({
    process: deps.process,
    clock: deps.clock,
    async start() {
      const rendererDir = join(deps.rootDir, 'out', 'renderer');
      const base = { engine, log, clock: deps.clock, rendererDir, host: flags.host };
      // The port first: when it is taken there is no reason to start a server for nothing.
      gateway =
        flags.port === undefined
          ? await startGateway({ ...base, port: USUAL_PORT }).catch(freePortInstead(base))
          : await startGateway({ ...base, port: flags.port });
      await engine.start({ url: gateway.url });
      printReady(deps, engine, { url: gateway.url, port: gateway.port });
      if (flags.open && hasDisplay(deps.process)) openBrowser(deps, gateway.url, log);
    },
    async stop() {
      await Promise.all([gateway?.close(), engine.stop()]);
    },
  });
}

/** Runs the engine without a screen until a signal. */
export async function updater(deps: CliDeps, flags: SettingsFlags): Promise<void> {
  const { engine } = makeEngine(deps, flags);
  await runUntilSignal({
    process: deps.process,
    clock: deps.clock,
    async start() {
      await engine.start();
      printReady(deps, engine, { url: null, port: null });
    },
    stop: () => engine.stop(),
  });
}

function makeEngine(deps: CliDeps, flags: SettingsFlags) {
  const settings = readSettings({ flags, env: deps.process.env });
  const log = createLogger(settings.logLevel);
  const { dataDir } = settings;
  const version = packageVersion(deps.rootDir);
  const engine = deps.createEngine({ settings, dataDir, clock: deps.clock, log, host: 'gateway', version });
  return { engine, log };
}

function freePortInstead(base: Omit<Parameters<typeof startGateway>[0], 'port'>) {
  return async (error: unknown): Promise<Gateway> => {
    if (error instanceof TenhertzError && error.code === 'PORT_UNAVAILABLE')
      return startGateway({ ...base, port: 0 });
    throw error;
  };
}

function printReady(deps: CliDeps, engine: Engine, where: { url: string | null; port: number | null }): void {
  const { redis, ledger } = engine.status();
  const postgres = ledger.state === 'off' ? 'off' : ledger.address;
  const ready = { event: 'ready', ...where, redis: redis.address, postgres };
  deps.process.stdout.write(`${JSON.stringify(ready)}\n`);
}
