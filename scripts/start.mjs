/**
 * `npm start`: gets what is missing, builds if the sources changed, and opens the monitor. Needs Node and npm, nothing else;
 * only Node's own modules are used before the packages are there. Arguments go to the app (`npm start -- --demo`).
 */
import { fileURLToPath } from 'node:url';
import { appCommand, runApp } from './lib/app.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureElectron, hasDisplay } from './lib/electron.mjs';
import { ensureNative, REDIS, usesOtherRedis } from './lib/native.mjs';
import { refuseNode } from './lib/node-version.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { endOnSignals, endWithNpm } from './lib/run.mjs';
import { runMain, say, seconds, Stop } from './lib/say.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const args = process.argv.slice(2);

endWithNpm();
const undo = endOnSignals();

await runMain(async () => {
  const start = performance.now();
  const refusal = refuseNode(process.versions.node);
  if (refusal !== undefined) throw new Stop(4, refusal);
  await ensurePackages(root);
  /** @type {Record<string, string>} */
  const env = {};
  if (!usesOtherRedis(args, process.env)) env[REDIS.variable] = await ensureNative(root, REDIS);
  await ensureBuild(root);
  const display = hasDisplay(process.env, process.platform);
  // Electron gives up its sandbox for root on Linux, and the monitor does not run without it: root gets the browser.
  const superuser = process.platform === 'linux' && process.getuid?.() === 0;
  const electron = display && !superuser ? await ensureElectron(root) : undefined;
  const app = appCommand({ root, args, electron, display });
  const where = app.host === 'desktop' ? 'as a desktop app' : 'through the gateway';
  say(`> Starting Tenhertz ${where} (prepared in ${seconds(performance.now() - start)})`);
  // From here on the app is told of signals and ends in its own order.
  undo();
  return await runApp(app, { cwd: process.cwd(), env });
});
