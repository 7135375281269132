import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AlertSettings } from '../../../shared/alerts.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { storedRule, storedSettings, type StoredRule } from './arguments.ts';
import { changesShape, type Changes } from './kept-state.ts';

/** What was found on disk. */
export interface Loaded {
  rules: StoredRule[];
  settings: AlertSettings | undefined;
  /** The state, in the order in which it came about. */
  lines: Changes[];
  /** What could not be read, in plain words for the screen. */
  problems: string[];
}

/** A journal longer than this begins anew, with the state in full before it. */
const JOURNAL_BYTES = 4 * 1024 * 1024;
/** How long a line may be in the system's memory only: lost if the machine (not the program) fails. */
const SYNC_EVERY_MS = 1_000;

const rulesShape = z.object({ version: z.literal(1), rules: z.array(z.unknown()), settings: z.unknown() });

/**
 * The folder of the alerts: `rules.json`, replaced as a whole, and the state as a journal of changes that begins with the state in
 * full (`state-<n>.ndjson`). A line is handed to the system before {@link AlertFiles.append} returns, so a killed process loses
 * nothing of it. What cannot be read is kept beside it under another name.
 */
export class AlertFiles {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #fd: number | undefined;
  #number = 0;
  #bytes = 0;
  #sync: Cancel | undefined;
  #unsynced = false;

  constructor(dir: string, deps: { clock: Clock; log: Logger }) {
    this.#dir = dir;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  /** Whether the journal is long enough to begin anew. */
  get full(): boolean {
    return this.#fd === undefined || this.#bytes > JOURNAL_BYTES;
  }

  /** Reads everything. Never throws for what the files hold. */
  load(): Loaded {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const problems: string[] = [];
    const { rules, settings } = this.#loadRules(problems);
    const lines: Changes[] = [];
    for (const number of this.#journals()) {
      this.#number = Math.max(this.#number, number);
      lines.push(...this.#loadJournal(number, problems));
    }
    return { rules, settings, lines, problems };
  }

  /** Replaces the rules, or throws and leaves them as they were. */
  writeRules(rules: readonly StoredRule[], settings: AlertSettings): void {
    const file = join(this.#dir, 'rules.json');
    if (existsSync(file)) copyFileSync(file, join(this.#dir, 'rules.previous.json'));
    this.#replace(file, `${JSON.stringify({ version: 1, settings, rules }, null, 1)}\n`);
  }

  /** Writes a line of changes. Throws when it cannot. */
  append(changes: Changes): void {
    if (this.#fd === undefined) throw new Error('The journal is not open.');
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    writeWhole(this.#fd, line);
    this.#bytes += line.length;
    this.#unsynced = true;
    this.#sync ??= this.#clock.every(SYNC_EVERY_MS, () => this.#flush());
  }

  /** Begins a new journal with the state in full, and removes the old ones. Throws when it cannot; then the old one goes on. */
  restart(state: Changes): void {
    const number = this.#number + 1;
    const file = this.#journal(number);
    this.#replace(file, `${JSON.stringify(state)}\n`);
    const fd = openSync(file, 'a', 0o600);
    this.#closeFile();
    this.#fd = fd;
    this.#number = number;
    this.#bytes = 0;
    for (const old of this.#journals()) if (old < number) rmSync(this.#journal(old), { force: true });
  }

  close(): void {
    this.#sync?.();
    this.#sync = undefined;
    this.#closeFile();
  }

  #loadRules(problems: string[]): Pick<Loaded, 'rules' | 'settings'> {
    for (const name of ['rules.json', 'rules.previous.json']) {
      const file = join(this.#dir, name);
      if (!existsSync(file)) continue;
      try {
        const found = rulesShape.parse(JSON.parse(readFileSync(file, 'utf8')));
        const rules = found.rules.flatMap(one => storedRule.safeParse(one).data ?? []);
        const bad = found.rules.length - rules.length;
        const settings = storedSettings.safeParse(found.settings).data;
        if (bad > 0 || settings === undefined) {
          const what = bad > 0 ? `${bad} of ${found.rules.length} alerts` : 'Mute and quiet hours';
          problems.push(`${what} could not be read and ${this.#keepCopy(name)}.`);
        }
        return { rules, settings };
      } catch (error) {
        this.#log.error({ err: error, file }, 'alerts could not be read');
        problems.push(`The alerts in ${name} could not be read; the file ${this.#keepCopy(name)}.`);
      }
    }
    return { rules: [], settings: undefined };
  }

  #loadJournal(number: number, problems: string[]): Changes[] {
    const texts = readFileSync(this.#journal(number), 'utf8').split('\n');
    const torn = texts.pop() ?? '';
    const lines = texts.flatMap(text => readLine(text) ?? []);
    const bad = texts.length - lines.length;
    if (bad > 0) {
      const kept = this.#keepCopy(`state-${number}.ndjson`);
      problems.push(
        `${bad} notes about what alerts have seen could not be read; the file ${kept}. An alert may ring again.`,
      );
    }
    // The process ended while it wrote this line; what it says was not acknowledged, so it comes again.
    if (torn !== '')
      this.#log.info({ bytes: torn.length }, 'the last line of the alerts journal is incomplete');
    return lines;
  }

  /** In the order they were written. */
  #journals(): number[] {
    return readdirSync(this.#dir)
      .flatMap(name => /^state-(\d{1,15})\.ndjson$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #keepCopy(name: string): string {
    const copy = `${name}.broken-${new Date(this.#clock.now()).toISOString().replaceAll(':', '')}`;
    try {
      copyFileSync(join(this.#dir, name), join(this.#dir, copy));
      return `is kept as ${copy}`;
    } catch (error) {
      return `could not be copied (${messageOf(error)})`;
    }
  }

  /** Whole or not at all, and on the disk. */
  #replace(file: string, text: string): void {
    const draft = `${file}.draft`;
    const fd = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, file);
  }

  #flush(): void {
    if (!this.#unsynced || this.#fd === undefined) return;
    this.#unsynced = false;
    fdatasync(this.#fd, error => {
      if (error !== null)
        this.#log.warn({ reason: messageOf(error) }, 'the alerts journal could not be synced');
    });
  }

  #closeFile(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #journal(number: number): string {
    return join(this.#dir, `state-${number}.ndjson`);
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function readLine(text: string): Changes | undefined {
  try {
    return changesShape.safeParse(JSON.parse(text)).data as Changes | undefined;
  } catch {
    return undefined;
  }
}
