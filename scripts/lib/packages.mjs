/** The npm packages of the checkout. */
import { join } from 'node:path';
import { run } from './run.mjs';
import { step, Stop } from './say.mjs';
import { hashOf, unlessStamped } from './stamp.mjs';

/**
 * Installs exactly what package-lock.json names, unless that was done already. Afterwards no npm call is made until the lock
 * file changes.
 *
 * @param {string} root
 * @param {(command: string, args: readonly string[]) => Promise<{ code: number }>} [runNpm]
 * @returns {Promise<boolean>} whether it installed now
 */
export function ensurePackages(root, runNpm = (command, args) => run(command, args, { cwd: root })) {
  const stamp = join(root, 'node_modules/.tenhertz-packages');
  return unlessStamped(stamp, hashOf(root, ['package-lock.json']), () =>
    step('Installing packages (npm ci; about 350, once)', async () => {
      const [command, ...first] = npmCommand(process.env);
      // Dev packages hold the build tools, so they are needed even where NODE_ENV says production.
      const { code } = await runNpm(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund']);
      if (code !== 0) {
        throw new Stop(
          1,
          `npm could not install the packages (exit code ${code}). Is the package registry reachable?`,
        );
      }
    }),
  );
}

/**
 * How to call npm: the one that runs us where there is one.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env) {
  const own = env['npm_execpath'];
  return own?.endsWith('.js') ? [process.execPath, own] : ['npm'];
}
