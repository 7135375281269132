/** Runs the app in the foreground and ends with it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { exitCodeOf, onSignals } from './run.mjs';
import { say } from './say.mjs';

/**
 * The command that shows the monitor here.
 *
 * @param {{ root: string, args: readonly string[], electron: string | undefined, display: boolean }} facts `args` as the user
 *   gave them; `electron` its program, where it can show a window
 * @returns {{ command: string, args: string[], host: 'desktop' | 'gateway' }}
 */
export function appCommand({ root, args, electron, display }) {
  if (electron !== undefined) return { command: electron, args: [root, ...args], host: 'desktop' };
  const program = `${root}/bin/tenhertz.mjs`;
  if (args.includes('--updater')) {
    const rest = args.filter(arg => arg !== '--updater');
    return { command: process.execPath, args: [program, 'updater', ...rest], host: 'gateway' };
  }
  const quiet = display || args.includes('--no-open') ? [] : ['--no-open'];
  return { command: process.execPath, args: [program, 'serve', ...args, ...quiet], host: 'gateway' };
}

/**
 * What to say to a person about a line of the program's output: the address, once it is ready.
 *
 * @param {string} line
 * @returns {string | undefined}
 */
export function readyMessage(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const { event, url } = JSON.parse(line);
    if (event !== 'ready') return undefined;
    return typeof url === 'string'
      ? `\n  Tenhertz is running: ${url}\n  (Ctrl+C stops it)\n`
      : '\n  Tenhertz is running. (Ctrl+C stops it)\n';
  } catch {
    return undefined;
  }
}

/**
 * Which signals reach the child from us. A terminal sends Ctrl+C to every process in front, so the child has it already; npm
 * passes on what we have been sent as well, so the same signal may come twice at once, and the child should hear it once.
 *
 * @param {{ terminal: boolean, now?: () => number }} options
 * @returns {(signal: NodeJS.Signals) => boolean} whether to pass this one on
 */
export function signalFilter({ terminal, now = () => performance.now() }) {
  /** @type {Map<string, number>} */
  const last = new Map();
  return signal => {
    if (signal === 'SIGINT' && terminal) return false;
    const before = last.get(signal);
    last.set(signal, now());
    return before === undefined || now() - before > 1_000;
  };
}

/**
 * Runs the app until it ends; signals are passed on.
 *
 * @param {{ command: string, args: readonly string[] }} app
 * @param {{ cwd: string, env: Record<string, string>, terminal?: boolean }} options
 * @returns {Promise<number>} its exit code; 128 and the signal's number when a signal ended it
 */
export function runApp({ command, args }, { cwd, env, terminal = isTerminal() }) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['inherit', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', line => {
      say(line);
      const message = readyMessage(line);
      if (message !== undefined) say(message);
    });
    const passes = signalFilter({ terminal });
    const undo = onSignals(signal => {
      if (passes(signal)) child.kill(signal);
    });
    child.once('error', error => {
      undo();
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      undo();
      resolve(code ?? exitCodeOf(signal));
    });
  });
}

function isTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
