import react from '@vitejs/plugin-react';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The variable that tells Playwright's workers where this run was built. */
const FOLDER = 'RENDERER_BUILT_IN';

/**
 * Where this run's own build of the renderer, of the page of charts alone, or of the invented engine is. Known only once the
 * run has begun, so it is asked for in fixtures and never while a file is loaded.
 */
export function built(part: 'screen' | 'charts' | 'fake'): string {
  const folder = process.env[FOLDER];
  if (folder === undefined)
    throw new Error(`${FOLDER} is not set: build-renderer.ts is not the global set-up.`);
  return join(folder, part);
}

/** The invented engine as one script that runs before the page's own. */
export function fakeEngine(): string {
  return join(built('fake'), 'fake-engine.js');
}

/**
 * Builds the renderer, the page of charts alone and the invented engine before the specs of this folder run, into a folder of
 * the run's own: two runs at once do not take each other's files away. Returns what removes it.
 */
export default async function buildRenderer(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'th-renderer-'));
  process.env[FOLDER] = folder;
  // The built program's own pages where they are, so that what these specs run is counted with the rest.
  const program = path('../../out/renderer');
  if (existsSync(join(program, 'index.html'))) await cp(program, built('screen'), { recursive: true });
  else await build({ configFile: path('./vite.config.ts'), build: { outDir: built('screen') } });
  await build({
    configFile: false,
    root: path('./charts'),
    base: './',
    plugins: [react()],
    logLevel: 'error',
    build: { outDir: built('charts'), emptyOutDir: true, sourcemap: true },
  });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: built('fake'),
      emptyOutDir: true,
      minify: false,
      lib: {
        entry: path('./fake/engine.ts'),
        formats: ['iife'],
        name: 'fake',
        fileName: () => 'fake-engine.js',
      },
    },
  });
  return () => rm(folder, { recursive: true, force: true });
}
