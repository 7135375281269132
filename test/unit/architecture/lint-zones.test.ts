import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const LAYER_RULES = ['import-x/no-restricted-paths', '@typescript-eslint/no-restricted-imports'];

/** Only the rules about layers run, so the text needs no type information and no file of its own. */
const eslint = new ESLint({
  cwd: ROOT,
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
  ruleFilter: ({ ruleId }) => LAYER_RULES.includes(ruleId),
});

async function lint(filePath: string, text: string): Promise<string[]> {
  const results = await eslint.lintText(text, { filePath: join(ROOT, filePath) });
  return results.flatMap(result => result.messages.map(message => message.ruleId ?? message.message));
}

describe('the lint rules about layers', () => {
  it.each([
    ['src/main/engine/redis/x.ts', '../sources/source.ts'],
    ['src/main/engine/redis/x.ts', '../commands.ts'],
    ['src/main/engine/clock.ts', './redis/keys.ts'],
    ['src/shared/x.ts', '../main/engine/clock.ts'],
    ['src/renderer/x.ts', '../main/engine/clock.ts'],
  ])('refuse that %s imports %s', async (file, target) => {
    expect(await lint(file, `import '${target}';\n`)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each([
    ['src/main/engine/x.ts', 'electron'],
    ['src/main/gateway/x.ts', 'electron/main'],
    ['src/main/engine/x.ts', 'react-dom/client'],
    ['src/renderer/x.tsx', 'node:fs/promises'],
    ['src/shared/x.ts', 'ioredis'],
  ])('refuse that %s imports the package %s', async (file, specifier) => {
    expect(await lint(file, `import '${specifier}';\n`)).toEqual([
      '@typescript-eslint/no-restricted-imports',
    ]);
  });

  it.each([
    ['src/main/engine/feed/x.ts', '../redis/keys.ts'],
    ['src/main/engine/redis/x.ts', '../health/metrics.ts'],
    ['src/main/engine/x.ts', './redis/keys.ts'],
    ['src/main/engine/clock.ts', './errors.ts'],
    ['src/main/desktop/x.ts', 'electron'],
    ['src/preload/x.ts', 'electron'],
    ['src/renderer/x.tsx', '../shared/contract.ts'],
  ])('let %s import %s', async (file, target) => {
    expect(await lint(file, `import '${target}';\n`)).toEqual([]);
  });
});
