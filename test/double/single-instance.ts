import { mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

const NOTE = 'double-second-';

/** Electron's single instance lock on files: the first process on a profile folder has it, later ones tell it they came. */
export class SingleInstance {
  readonly held: boolean;
  private readonly lockFile: string;
  private watcher: FSWatcher | undefined;

  constructor(userData: string, onSecond: (argv: string[]) => void) {
    mkdirSync(userData, { recursive: true });
    this.lockFile = join(userData, 'double.lock');
    this.held = this.take();
    if (!this.held) {
      writeFileSync(join(userData, `${NOTE}${process.pid}`), JSON.stringify(process.argv));
      return;
    }
    this.watcher = watch(userData, { persistent: false }, () => {
      for (const name of readdirSync(userData).filter(entry => entry.startsWith(NOTE))) {
        const argv = readNote(join(userData, name));
        if (argv !== undefined) onSecond(argv);
      }
    });
  }

  release(): void {
    this.watcher?.close();
    if (this.held) rmSync(this.lockFile, { force: true });
  }

  private take(): boolean {
    try {
      writeFileSync(this.lockFile, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      const holder = Number(readFileSync(this.lockFile, 'utf8'));
      if (holder !== process.pid && isAlive(holder)) return false;
      // Its holder died without cleaning up; Electron's lock goes with its process too.
      writeFileSync(this.lockFile, String(process.pid));
      return true;
    }
  }
}

function readNote(path: string): string[] | undefined {
  try {
    const argv = JSON.parse(readFileSync(path, 'utf8')) as string[];
    rmSync(path);
    return argv;
  } catch {
    // Written only in part, or taken by the last look.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
