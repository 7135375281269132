/** Results that are under way at the same time; the next line waits for room. */
const MOST = 2_000;
/** Characters written together. */
const PIECE = 32_768;

interface ResultsDeps<T> {
  /** The text of a result. */
  settled: (result: T) => string;
  /** Told of a failure; rejects to end everything. */
  failed: (number: number, error: unknown) => Promise<void>;
  write: (text: string) => Promise<void>;
  /** Nothing more will be taken: {@link Results.end} rejects with the reason. */
  onBroken: () => void;
}

/** Writes results in the order they were added, whenever they come, and holds back whoever adds too many. */
export class Results<T> {
  readonly #deps: ResultsDeps<T>;
  readonly #waiting: { number: number; result: Promise<T> }[] = [];
  #writing: Promise<void> | undefined;
  #room = (): void => undefined;
  #broken: { reason: unknown } | undefined;

  constructor(deps: ResultsDeps<T>) {
    this.#deps = deps;
  }

  /** Resolves when there is room for the next. `number` is what the result is of. */
  async add(number: number, result: Promise<T>): Promise<void> {
    // It may fail long before its turn to be looked at.
    result.catch(() => undefined);
    if (this.#broken !== undefined) return;
    this.#waiting.push({ number, result });
    this.#writing ??= this.#write();
    if (this.#waiting.length >= MOST) await new Promise<void>(resolve => (this.#room = resolve));
  }

  /** Resolves when everything was written. */
  async end(): Promise<void> {
    await this.#writing;
    if (this.#broken !== undefined) throw this.#broken.reason;
  }

  async #write(): Promise<void> {
    const { settled, failed, write } = this.#deps;
    let text = '';
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        try {
          text += settled(await next.result);
        } catch (error) {
          await write(text);
          text = '';
          await failed(next.number, error);
        }
        this.#waiting.shift();
        if (this.#waiting.length === 0 || text.length >= PIECE) {
          await write(text);
          text = '';
        }
        if (this.#waiting.length < MOST / 2) this.#room();
      }
    } catch (reason) {
      this.#broken = { reason };
      this.#waiting.length = 0;
      this.#deps.onBroken();
    } finally {
      this.#writing = undefined;
      this.#room();
    }
  }
}
