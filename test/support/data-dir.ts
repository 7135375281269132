import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTE } from '../../src/main/engine/ledger/server-home.ts';

/** Removes a data directory, and with it what its ledger keeps elsewhere when the tests run as root. */
export async function removeDataDir(dir: string): Promise<void> {
  const [place = ''] = (await readFile(join(dir, 'postgres', NOTE), 'utf8').catch(() => '')).split('\n');
  if (place.startsWith('/')) await rm(place, { recursive: true, force: true });
  await rm(dir, { recursive: true, force: true });
}
