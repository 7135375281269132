/** `npm run check`: format, lint and types. */
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './lib/packages.mjs';
import { endOnSignals, endWithNpm } from './lib/run.mjs';
import { runMain, say } from './lib/say.mjs';
import { summary } from './lib/testing/result.mjs';
import { runChecks } from './lib/testing/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

endWithNpm();
endOnSignals();

await runMain(async () => {
  await ensurePackages(root);
  const results = await runChecks(root);
  say(`\n${summary(results).join('\n')}`);
  return results.some(result => result.failed > 0) ? 1 : 0;
});
