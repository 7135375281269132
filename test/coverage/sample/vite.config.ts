import { defineConfig } from 'vite';

/** Builds as electron-vite builds the main process: not minified, with source maps. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: { input: 'src/main.ts', output: { format: 'es', entryFileNames: 'main/[name].js' } },
  },
});
