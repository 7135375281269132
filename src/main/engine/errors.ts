/**
 * An error with a `code` for programs, a message that says what to change, and the facts behind it. Recognise errors by
 * `code`, never by their text. Exit codes are those of the outside interface: 1 failed, 2 wrong usage, 3 wrong
 * configuration, 4 a needed server or binary is missing.
 */
export class TenhertzError extends Error {
  override readonly name = 'TenhertzError';
  readonly code: string;
  readonly exitCode: 1 | 2 | 3 | 4;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { exitCode?: 1 | 2 | 3 | 4; facts?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
    this.facts = options.facts ?? {};
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
