/** The built program in `out/`. */
import { join } from 'node:path';
import { run } from './run.mjs';
import { step, Stop } from './say.mjs';
import { hashOf, unlessStamped } from './stamp.mjs';

/** What the build is made from. */
const SOURCES = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
];

/**
 * Builds main, preload and renderer, unless `out/` was built from these very sources.
 *
 * @param {string} root
 * @param {(command: string, args: readonly string[]) => Promise<{ code: number }>} [runBuild]
 * @returns {Promise<boolean>} whether it built now
 */
export function ensureBuild(root, runBuild = (command, args) => run(command, args, { cwd: root })) {
  return unlessStamped(join(root, 'out/.stamp'), hashOf(root, SOURCES), () =>
    step('Building (electron-vite)', async () => {
      const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
      const { code } = await runBuild(process.execPath, [tool, 'build']);
      if (code !== 0) throw new Stop(1, `The build failed (exit code ${code}); its messages are above.`);
    }),
  );
}
