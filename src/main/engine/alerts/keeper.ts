import type { AlertSettings } from '../../../shared/alerts.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { LimitedLog } from '../logger.ts';
import type { StoredRule } from './arguments.ts';
import type { AlertFiles } from './files.ts';
import type { Changes } from './kept-state.ts';

/**
 * Keeps what alerts have seen. A failing disk does not keep alerts from ringing: it is said on the screen, and tried again with the
 * next change.
 */
export class Keeper {
  readonly #files: AlertFiles;
  readonly #log: LimitedLog;
  readonly #all: () => Changes;
  #failed: string | null = null;

  /** @param all the state in full */
  constructor(files: AlertFiles, log: LimitedLog, all: () => Changes) {
    this.#files = files;
    this.#log = log;
    this.#all = all;
  }

  /** Plain words when nothing can be kept. */
  get problem(): string | null {
    return this.#failed === null
      ? null
      : `What alerts have seen cannot be written to disk (${this.#failed}). After a restart some may ring again.`;
  }

  /** Keeps changes before it returns. Answers whether {@link Keeper.problem} changed. */
  keep(changes: Changes): boolean {
    const before = this.#failed;
    try {
      // After a failure the journal may end within a line: only a new one can be trusted.
      if (this.#failed !== null || this.#files.full) this.#files.restart(this.#all());
      else this.#files.append(changes);
      this.#failed = null;
    } catch (error) {
      this.#failed = messageOf(error);
      this.#log.warn('keep alerts', { reason: this.#failed }, 'what alerts have seen could not be kept');
    }
    return before !== this.#failed;
  }

  /** Keeps the rules, or throws `ALERTS_NOT_KEPT`: then the change is not made. */
  keepRules(rules: readonly StoredRule[], settings: AlertSettings): void {
    try {
      this.#files.writeRules(rules, settings);
    } catch (cause) {
      throw new TenhertzError(
        'ALERTS_NOT_KEPT',
        `The alert could not be written to disk (${messageOf(cause)}); nothing was changed. Free some space and try again.`,
        { cause },
      );
    }
  }
}
