import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The invented engine as one script that runs before the page's own. */
export const FAKE_ENGINE = path('../../node_modules/.cache/renderer-fake/fake-engine.js');

/** Builds the renderer, the page of charts alone and the invented engine before the specs of this folder run. */
export default async function buildRenderer(): Promise<void> {
  await build({ configFile: path('./vite.config.ts') });
  await build({
    configFile: false,
    root: path('./charts'),
    base: './',
    plugins: [react()],
    logLevel: 'warn',
    build: {
      outDir: path('../../node_modules/.cache/renderer-charts'),
      emptyOutDir: true,
      sourcemap: true,
    },
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: path('../../node_modules/.cache/renderer-fake'),
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
}
