import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Builds the renderer alone, as the real build does, for the tests of this folder; `build-renderer.ts` says where to. */
export default defineConfig({
  root: path('../../src/renderer'),
  base: './',
  plugins: [react()],
  logLevel: 'error',
  build: {
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      input: [path('../../src/renderer/index.html'), path('../../src/renderer/popout.html')],
    },
  },
});
