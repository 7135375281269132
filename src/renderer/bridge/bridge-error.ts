/**
 * A command that was not carried out. `code` is for programs: the engine's own codes, and from the bridge itself
 * `DISCONNECTED` (no engine on the line), `TIMEOUT` (no answer) and `BAD_ANSWER` (not a frame this screen understands).
 */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
