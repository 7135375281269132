#!/usr/bin/env node
// Starts the built program. Kept free of everything that needs building, so that it can say what is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const program = join(import.meta.dirname, '..', 'out', 'main', 'tenhertz.js');
if (existsSync(program)) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(program).href);
} else {
  process.stderr.write(
    'tenhertz: not built yet. Run `npm run build` (or `npm start`, which builds and opens it).\n',
  );
  process.exitCode = 4;
}
