/**
 * Keeps the process alive while it waits for `work`. The engine's clock does not (see `systemClock`), so a command that waits
 * for nothing but a back-off would end in silence.
 */
export async function awakeUntil<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
