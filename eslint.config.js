/**
 * Lint rules: typescript-eslint's strictest, the rules of hooks, and the layers of `scripts/lib/layers.mjs` as zones. The same
 * layers are asserted over the whole import graph by `test/unit/architecture`.
 */
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { ENGINE_ROOMS, LAYERS } from './scripts/lib/layers.mjs';

const LINES = { max: 250, skipBlankLines: false, skipComments: false };

/** ESLint's own rules that neither the compiler nor typescript-eslint covers. */
const CORE_RULES = {
  eqeqeq: 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-control-regex': 'error',
  'no-debugger': 'error',
  'no-empty': ['error', { allowEmptyCatch: true }],
  'no-empty-character-class': 'error',
  'no-fallthrough': 'error',
  'no-loss-of-precision': 'error',
  'no-misleading-character-class': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable-loop': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'use-isnan': 'error',
};

/** Each folder may not import the other folders of `src/`, except those its layer names. */
const folderZones = LAYERS.map(layer => ({
  target: `./${layer.folder}`,
  from: LAYERS.filter(other => other !== layer && !layer.may.includes(other.folder)).map(
    other => `./${other.folder}`,
  ),
  message: `${layer.why}.`,
}));

/** Each room of the engine may not import a later room, nor the composition on top of them. */
const roomZones = ENGINE_ROOMS.flatMap((room, rank) => {
  const engine = './src/main/engine';
  const allowed = ENGINE_ROOMS.slice(0, rank + 1).flatMap(lower => lower.paths);
  return room.paths.map(path => ({
    target: `${engine}/${path}`,
    from: engine,
    except: allowed.map(lower => `./${lower}`),
    message: `Data flows down the engine's rooms once; ${room.name} may not reach back up.`,
  }));
});

/** What each folder may not import from outside `src/`. */
const packageRules = LAYERS.map(layer => ({
  files: [`${layer.folder}/**/*.{ts,tsx}`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...layer.refuses.map(name => ({ group: [name, `${name}/*`], message: `${layer.why}.` })),
          ...(layer.node ? [] : [{ group: ['node:*'], message: `${layer.why}.` }]),
        ],
      },
    ],
  },
}));

export default defineConfig(
  globalIgnores([
    'out/',
    'coverage/',
    'test-results/',
    'node_modules/',
    'test/fixtures/',
    'test/recordings/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { rules: CORE_RULES },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.web.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'import-x/no-duplicates': ['error', { 'prefer-inline': false }],
      'max-lines': ['error', LINES],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        { basePath: import.meta.dirname, zones: [...folderZones, ...roomZones] },
      ],
      'import-x/no-default-export': 'error',
      'import-x/extensions': ['error', 'always', { ignorePackages: true }],
      'no-console': 'error',
    },
  },
  { files: ['src/**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  ...packageRules,
  {
    files: ['src/renderer/**/*.{ts,tsx}', 'test/renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  {
    // Plain Node programs, checked by the compiler too (checkJs); they print, so the console is theirs.
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: nodeGlobals() },
    rules: { 'max-lines': ['error', LINES], 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
);

/** The globals of Node that scripts use. */
function nodeGlobals() {
  const names = [
    'process',
    'console',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'performance',
  ];
  const web = ['URL', 'fetch', 'AbortSignal', 'AbortController', 'Buffer', 'TextDecoder'];
  return Object.fromEntries([...names, ...web].map(name => [name, 'readonly']));
}
