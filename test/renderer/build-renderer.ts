import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the renderer before the specs of this folder run. */
export default async function buildRenderer(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)) });
}
