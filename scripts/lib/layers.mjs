/**
 * The layers of `src/`, spelled once: `eslint.config.js` turns them into lint rules, and the test of the import graph asserts
 * the same thing over the files as they are. Paths are relative to the checkout, with forward slashes.
 */

/**
 * The rooms of `src/main/engine`, lowest first. A room may import itself and any room before it, never one after it.
 * What is not in the list (`create-engine.ts`, `commands.ts`, …: files that lie directly in the engine's folder) is the
 * composition on top and may import every room.
 *
 * @type {readonly { name: string, paths: readonly string[] }[]}
 */
export const ENGINE_ROOMS = [
  {
    name: 'foundation',
    // The instruments are here because every room counts what it does; `engine.ts` is the engine's face, types alone.
    paths: ['clock.ts', 'errors.ts', 'logger.ts', 'engine.ts', 'config', 'health/metrics.ts'],
  },
  { name: 'desk', paths: ['desk'] },
  { name: 'redis', paths: ['redis'] },
  { name: 'cache', paths: ['cache'] },
  { name: 'events', paths: ['events'] },
  { name: 'ledger', paths: ['ledger'] },
  { name: 'sources', paths: ['sources'] },
  // The form of settings: what is written is weighed by the readers of redis, ledger and sources.
  { name: 'settings', paths: ['settings'] },
  { name: 'updater', paths: ['updater'] },
  { name: 'paper', paths: ['paper'] },
  { name: 'alerts', paths: ['alerts'] },
  { name: 'health', paths: ['health'] },
  { name: 'feed', paths: ['feed'] },
  { name: 'moments', paths: ['moments'] },
];

/** Packages that draw; only the renderer may use them. */
const SCREEN_PACKAGES = [
  'react',
  'react-dom',
  'zustand',
  'lightweight-charts',
  '@tanstack/react-virtual',
  '@tanstack/react-table',
  'dockview-react',
  'radix-ui',
  'cmdk',
  'tinykeys',
  '@fontsource-variable/inter',
];
/** Packages that answer HTTP or read a command line; they belong to the hosts. */
const HOST_PACKAGES = ['fastify', '@fastify/static', '@fastify/cookie', 'commander'];
/** Packages that need Node. */
const NODE_PACKAGES = [...HOST_PACKAGES, 'ioredis', 'ws', 'pino', 'prom-client', 'env-paths'];

/**
 * Each folder, the folders it may import besides itself, and what it may not import from outside `src/`. `node: false`
 * refuses Node's own modules. A package stands for its sub-paths too.
 *
 * @type {readonly { folder: string, may: readonly string[], node: boolean, refuses: readonly string[], why: string }[]}
 */
export const LAYERS = [
  {
    folder: 'src/shared',
    may: [],
    node: false,
    refuses: ['electron', ...SCREEN_PACKAGES, ...NODE_PACKAGES],
    why: 'the contract runs in the engine and in the browser, so it depends on neither',
  },
  {
    folder: 'src/renderer',
    may: ['src/shared'],
    node: false,
    refuses: ['electron', ...NODE_PACKAGES],
    why: 'the renderer runs in a sandboxed page and speaks to the engine only through the contract',
  },
  {
    folder: 'src/preload',
    may: ['src/shared'],
    node: false,
    refuses: [...SCREEN_PACKAGES, ...NODE_PACKAGES],
    why: 'a sandboxed preload has electron and nothing else',
  },
  {
    folder: 'src/main/engine',
    may: ['src/shared'],
    node: true,
    refuses: ['electron', ...SCREEN_PACKAGES, ...HOST_PACKAGES],
    why: 'the engine knows no host: it runs under Electron, behind the gateway and in tests alike',
  },
  {
    folder: 'src/main/gateway',
    may: ['src/shared', 'src/main/engine'],
    node: true,
    refuses: ['electron', ...SCREEN_PACKAGES],
    why: 'the gateway stands beside the desktop host and runs where there is no Electron',
  },
  {
    folder: 'src/main/cli',
    may: ['src/shared', 'src/main/engine', 'src/main/gateway'],
    node: true,
    refuses: ['electron', ...SCREEN_PACKAGES],
    why: 'the program runs in plain Node, where importing electron starts a download and then throws',
  },
  {
    folder: 'src/main/desktop',
    may: ['src/shared', 'src/main/engine'],
    node: true,
    refuses: [...SCREEN_PACKAGES, 'fastify', '@fastify/static', '@fastify/cookie'],
    why: 'the desktop host opens no network port and stands beside the gateway, not on it',
  },
];

/**
 * The layer a file belongs to, or `undefined` for one outside the layers.
 *
 * @param {string} file
 */
export function layerOf(file) {
  return LAYERS.find(layer => file.startsWith(`${layer.folder}/`));
}

/**
 * The place of an engine file in {@link ENGINE_ROOMS}; one past the end for the composition on top.
 *
 * @param {string} file a path below `src/main/engine/`
 * @returns {number}
 */
export function engineRank(file) {
  const inside = file.slice('src/main/engine/'.length);
  const rank = ENGINE_ROOMS.findIndex(room =>
    room.paths.some(path => inside === path || inside.startsWith(`${path}/`)),
  );
  return rank === -1 ? ENGINE_ROOMS.length : rank;
}

/**
 * Why `from` may not import the file `to`, in plain words; `undefined` when it may.
 *
 * @param {string} from
 * @param {string} to
 * @returns {string | undefined}
 */
export function refuseFile(from, to) {
  if (!to.startsWith('src/')) return undefined;
  const layer = layerOf(from);
  if (layer === undefined) return undefined;
  const target = layerOf(to);
  if (target === undefined) return `${to} lies in no layer`;
  if (target.folder !== layer.folder && !layer.may.includes(target.folder)) {
    return `${layer.folder} may not import ${target.folder}: ${layer.why}`;
  }
  if (layer.folder !== 'src/main/engine' || target.folder !== 'src/main/engine') return undefined;
  const [own, other] = [engineRank(from), engineRank(to)];
  if (other <= own) return undefined;
  return `engine room ${roomName(own)} may not import ${roomName(other)}: data flows down once`;
}

/**
 * Why `from` may not import the package or Node module `specifier`; `undefined` when it may.
 *
 * @param {string} from
 * @param {string} specifier
 * @returns {string | undefined}
 */
export function refusePackage(from, specifier) {
  const layer = layerOf(from);
  if (layer === undefined) return undefined;
  if (!layer.node && specifier.startsWith('node:')) {
    return `${layer.folder} may not import ${specifier}: ${layer.why}`;
  }
  const refused = layer.refuses.some(name => specifier === name || specifier.startsWith(`${name}/`));
  return refused ? `${layer.folder} may not import ${specifier}: ${layer.why}` : undefined;
}

/** @param {number} rank */
function roomName(rank) {
  return ENGINE_ROOMS[rank]?.name ?? 'the composition';
}
