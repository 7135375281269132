import { EventEmitter } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ChildProcess } from 'node:child_process';
import { systemClock, type Clock } from '../../../src/main/engine/clock.ts';
import type {
  CliDeps,
  CreateEngine,
  ProcessLike,
  StartProgram,
  TextSink,
} from '../../../src/main/cli/host.ts';
import { run } from '../../../src/main/cli/program.ts';
import { FakeEngine } from '../gateway/fake-engine.ts';

/** A process that writes into memory and gets its signals from the test. */
export class FakeProcess extends EventEmitter implements ProcessLike {
  env: Record<string, string | undefined> = {};
  platform: NodeJS.Platform = 'linux';
  out = '';
  err = '';
  stdin: ProcessLike['stdin'] = Readable.from([]);
  readonly stdout: TextSink = {
    write: (text, done) => {
      this.out += text;
      done?.();
    },
  };
  readonly stderr: TextSink = {
    write: (text, done) => {
      this.err += text;
      done?.();
    },
  };
  getuid = (): number => 1000;
}

/** A child that ends when the test says so. */
export class FakeChild extends EventEmitter {
  readonly signals: string[] = [];
  kill(signal: string): boolean {
    return this.signals.push(signal) > 0;
  }
  unref(): void {
    this.emit('unref');
  }
}

/** A checkout with a built monitor, an engine that only counts, and programs that only seem to start. */
export function makeHost(options: { clock?: Clock } = {}) {
  const rootDir = mkdtempSync(join(tmpdir(), 'th-cli-'));
  mkdirSync(join(rootDir, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(rootDir, 'out', 'renderer', 'index.html'), '<title>Tenhertz</title>');
  writeFileSync(join(rootDir, 'package.json'), '{"version":"9.9.9"}');
  const process = new FakeProcess();
  process.env['TENHERTZ_DATA_DIR'] = join(rootDir, 'data');
  const engine = new FakeEngine();
  const made: Parameters<CreateEngine>[0][] = [];
  const started: { command: string; args: readonly string[]; child: FakeChild }[] = [];
  const start: StartProgram = (command, args) => {
    const child = new FakeChild();
    started.push({ command, args, child });
    return child as unknown as ChildProcess;
  };
  const deps: CliDeps = {
    process,
    clock: options.clock ?? systemClock,
    rootDir,
    createEngine: given => {
      made.push(given);
      return engine;
    },
    startDesktop: start,
    startBrowser: start,
  };
  return {
    deps,
    process,
    engine,
    made,
    started,
    rootDir,
    run: (...argv: string[]) => run(argv, deps),
    /** The ready line, as soon as there is one. */
    async ready(): Promise<{
      event: string;
      url: string | null;
      port: number | null;
      redis: string;
      postgres: string;
    }> {
      while (!process.out.includes('\n')) await new Promise(resolve => setTimeout(resolve, 5));
      return JSON.parse(process.out) as never;
    },
    /** Puts an Electron binary and a built desktop app where they are looked for. */
    installElectron(): string {
      const folder = join(rootDir, 'node_modules', 'electron');
      mkdirSync(join(folder, 'dist'), { recursive: true });
      mkdirSync(join(rootDir, 'out', 'main'), { recursive: true });
      writeFileSync(join(folder, 'path.txt'), 'electron\n');
      writeFileSync(join(folder, 'dist', 'electron'), '');
      writeFileSync(join(rootDir, 'out', 'main', 'index.js'), '');
      return join(folder, 'dist', 'electron');
    },
    remove: () => rmSync(rootDir, { recursive: true, force: true }),
  };
}
