import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Runs the server and outlives the program by the moment it takes to stop it: its standard input is a pipe from us, and
 * the kernel closes that pipe however we end, kill -9 included. `read` is a built-in, so waiting costs no process.
 * TERM is passed on to the server as the signal named first, which asks it to stop. POSIX sh; tried with dash, bash and busybox.
 */
const SCRIPT = `
server=
ask=$1
shift
trap '[ -n "$server" ] && kill "-$ask" "$server"' TERM
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
echo "supervised $server"
(
  trap - TERM
  exec >/dev/null 2>&1
  while read -r _; do :; done <&3
  kill "-$ask" "$server"
  sleep 3
  kill -KILL "$server"
) &
watcher=$!
exec 3<&-
wait "$server"
code=$?
while kill -0 "$server" 2>/dev/null; do
  wait "$server"
  code=$?
done
trap '' TERM
kill -KILL "$watcher"
kill -TERM 0
wait "$watcher" 2>/dev/null
exit "$code"
`;

export interface Supervised {
  /** The server's own process; undefined until the supervisor has said it. */
  readonly pid: number | undefined;
  /** Resolves when server and supervisor are gone; never rejects. */
  readonly ended: Promise<string>;
  /** TERM, and KILL for all of it after `graceMs`. Resolves when they are gone. */
  stop(graceMs: number): Promise<void>;
}

export interface SuperviseOptions {
  /** Shown in the list of processes: `tenhertz-redis`. */
  title: string;
  /** The signal that asks the server to stop, without SIG; `TERM` by default. */
  ask?: 'TERM' | 'INT';
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Another user for server and supervisor; only root may name one. */
  as?: { uid: number; gid: number } | undefined;
  /** Gets what it writes, line by line. */
  onLine: (line: string) => void;
}

/** Starts `command` under the supervisor. */
export function supervise(command: readonly string[], options: SuperviseOptions): Supervised {
  // A session of its own: a Ctrl-C in the terminal is ours to handle, and all of it can be killed as one group.
  const child = spawn('sh', ['-c', SCRIPT, options.title, options.ask ?? 'TERM', ...command], {
    cwd: options.cwd,
    env: options.env,
    ...options.as,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let pid: number | undefined;
  const onLine = (line: string): void => {
    const said = /^supervised (\d+)$/.exec(line);
    if (said === null) options.onLine(line);
    else pid = Number(said[1]);
  };
  child.stdin.on('error', () => undefined);
  readLines(child.stdout, onLine);
  readLines(child.stderr, onLine);
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => {
      child.stdin.destroy();
      // The supervisor itself was killed: what it looked after is asked to stop.
      if (signal !== null) signalGroup(child, 'SIGTERM');
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
  return {
    get pid() {
      return pid;
    },
    ended,
    async stop(graceMs) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
