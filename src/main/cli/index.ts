import { join } from 'node:path';
import process from 'node:process';
import { systemClock } from '../engine/clock.ts';
import { createEngine } from '../engine/create-engine.ts';
import { run } from './program.ts';

// A reader of our output that goes away (`tenhertz serve | head -1`) is no reason to fall.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const code = await run(process.argv.slice(2), {
  process,
  clock: systemClock,
  rootDir: join(import.meta.dirname, '..', '..'),
  createEngine,
});
// Everything was stopped by now; a forgotten handle must not keep the program from ending.
process.exit(code);
