/** Playwright's global set-up: the end-to-end tests run the built program, so it is built first if the sources changed. */
import { fileURLToPath } from 'node:url';
import { ensureBuild } from '../build.mjs';

export default async function setup() {
  await ensureBuild(fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, ''));
}
