import { messageOf, TenhertzError } from '../engine/errors.ts';
import type { TextSink } from './host.ts';

/** Text for a reader that may be slow, and may go away before the end (`| head -1`). */
export class Output {
  readonly #sink: TextSink;
  #gone = false;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** The reader closed its end; what is written from now on is dropped without a word. */
  get gone(): boolean {
    return this.#gone;
  }

  /**
   * Resolves when the text was taken: whoever waits for it never runs ahead of the reader. Rejects with `OUTPUT_FAILED`
   * when it cannot be written for another reason than that the reader is gone (a full disk).
   */
  write(text: string): Promise<void> {
    if (this.#gone || text === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#sink.write(text, error => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        if (error === undefined || error === null) resolve();
        else if (['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'].includes(code)) {
          this.#gone = true;
          resolve();
        } else {
          const message = `The output cannot be written: ${messageOf(error)}.`;
          reject(new TenhertzError('OUTPUT_FAILED', message, { cause: error }));
        }
      });
    });
  }
}
