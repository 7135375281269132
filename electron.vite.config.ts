import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * Three targets: `out/main` (the desktop entry and the `tenhertz` program, ES modules), `out/preload` (CommonJS, because
 * a sandboxed preload cannot be an ES module) and `out/renderer`. Source maps are kept: a trader's error report and the
 * coverage of the built program both need them.
 */
export default defineConfig({
  main: {
    build: {
      sourcemap: true,
      rolldownOptions: {
        input: { index: 'src/main/desktop/index.ts', tenhertz: 'src/main/cli/index.ts' },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      // Half the bytes to read before the first paint; what was covered is traced through the source maps all the same.
      minify: true,
      sourcemap: true,
      rolldownOptions: { input: ['src/renderer/index.html', 'src/renderer/popout.html'] },
    },
  },
});
