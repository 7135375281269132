import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';

/** A script bundled for plain Node, to be run in processes of its own that a test can kill. */
export interface NodeScript {
  /** The script itself, for a test that starts it in its own way. */
  readonly path: string;
  /** Runs it; `lines` are the lines it prints, as they come. */
  run(args?: string[]): NodeChild;
  remove(): Promise<void>;
}

export interface NodeChild {
  readonly process: ChildProcess;
  /** The next line it prints; fails when it ends first. */
  line(): Promise<string>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** Bundles `source` (TypeScript that imports by absolute path) with everything it needs. */
export async function nodeScript(source: string): Promise<NodeScript> {
  const dir = await mkdtemp(join(tmpdir(), 'th-script-'));
  const entry = join(dir, 'entry.ts');
  await writeFile(entry, source);
  await build({
    configFile: false,
    logLevel: 'silent',
    root: dir,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: join(dir, 'out'),
      rolldownOptions: { output: { entryFileNames: 'script.mjs' } },
    },
  });
  const path = join(dir, 'out', 'script.mjs');
  return {
    path,
    run(args = []) {
      const child = spawn(process.execPath, [path, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return {
        process: child,
        async line() {
          const next = await lines.next();
          if (next.done === true) throw new Error('the child ended without a further line');
          return next.value;
        },
        async kill() {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        },
      };
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
