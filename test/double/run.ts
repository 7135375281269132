/**
 * `node --import ./test/double/register.mjs test/double/run.ts <main file> [args]`: starts the built desktop app on the
 * double, as `electron <main file> [args]` starts it on Electron.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { double } from './electron.ts';

const [, , main, ...args] = process.argv;
if (main === undefined) throw new Error('usage: run.ts <main file> [args]');
process.argv = [process.execPath, main, ...args];
// Electron is ready only after the entry file has run to its end; one that waits for it at the top level waits forever.
await import(pathToFileURL(main).href);
double.becomeReady();
