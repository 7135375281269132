import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** Variables of the machine that would change what the app does; the tools the tests need stay. */
const FOREIGN = /^(REDIS_|DATABASE_URL$|JUPITER_|PYTH_|TENHERTZ_(?!REDIS_SERVER$|CHROMIUM$|TEST_RUN$))/;
/** Where a venue is that a test has not named: nowhere. A test speaks to this machine alone. */
const NOBODY = {
  TENHERTZ_JUPITER_URL: 'http://127.0.0.1:9',
  TENHERTZ_KRAKEN_URL: 'ws://127.0.0.1:9',
  TENHERTZ_COINBASE_URL: 'ws://127.0.0.1:9',
  TENHERTZ_RAYDIUM_URL: 'http://127.0.0.1:9',
};
/** The outside interface promises 5 s; the rest is for the process to be seen gone on a busy machine. */
const END_WITHIN_MS = 6_000;

/** A child process with everything it wrote. */
export interface AppProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly logs: () => string;
  readonly ended: () => boolean;
  /** The first answer of `read` to what was written so far; fails when the process ends first or after `timeoutMs`. */
  until<T>(read: (stdout: string) => T | undefined, timeoutMs: number, what: string): Promise<T>;
  readonly kill9: () => Promise<void>;
  /** Asks with `ask` (SIGTERM by default) and waits; fails when it takes too long or the exit code is not 0. */
  end(ask?: () => void): Promise<void>;
}

/** The environment of an app under test: ours, without what would change its behaviour, and with `extra`. */
export function appEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(kept), ...NOBODY, ...extra };
}

/** Starts `command` and collects what it writes. */
export function startProcess(command: string, args: readonly string[], options: SpawnOptions): AppProcess {
  const child = spawn(command, [...args], options);
  let stdout = '';
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (all += text));
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const gone = async (): Promise<void> => {
    if (!ended()) await once(child, 'exit');
  };
  return {
    child,
    pid: child.pid ?? -1,
    logs: () => all,
    ended,
    async until(read, timeoutMs, what) {
      const end = Date.now() + timeoutMs;
      for (;;) {
        const found = read(stdout);
        if (found !== undefined) return found;
        if (ended())
          throw new Error(`The app ended (${child.exitCode ?? child.signalCode}) before ${what}.\n${all}`);
        if (Date.now() > end) throw new Error(`No ${what} within ${timeoutMs} ms.\n${all}`);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
    async kill9() {
      if (ended()) return;
      child.kill('SIGKILL');
      await gone();
    },
    async end(ask = () => void child.kill('SIGTERM')) {
      if (!ended()) {
        ask();
        const late = new Promise<'late'>(resolve => setTimeout(() => resolve('late'), END_WITHIN_MS).unref());
        if ((await Promise.race([gone(), late])) === 'late') {
          child.kill('SIGKILL');
          await gone();
          throw new Error(`The app did not end within ${END_WITHIN_MS} ms.\n${all}`);
        }
      }
      if (child.exitCode !== 0 && child.signalCode !== 'SIGKILL') {
        throw new Error(`The app ended with ${child.exitCode ?? child.signalCode}.\n${all}`);
      }
    },
  };
}
