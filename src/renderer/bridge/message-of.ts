/** What an error says, in words for a person: the engine's own where it refused. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
