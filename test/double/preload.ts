import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext, Script } from 'node:vm';
import { build } from 'vite';

/** The page's global function that carries `ipcRenderer`; removed from the page before its own scripts run. */
export const BINDING = 'tenhertzDoubleAsk';
/** Where {@link import('./page/sandbox.ts').Sandbox.receive} waits on the page's global object, under `Symbol.for`. */
export const RECEIVE = 'tenhertz-double-receive';

/** What became of a preload script. */
export type Preload = { script: string } | { error: Error };

/**
 * Reads a preload as Electron's sandbox does: as a classic script with a `require` of its own. What cannot be read that way
 * (a file that is not there, an ES module) is an error, which Electron reports as `preload-error` and goes on without.
 */
export function readPreload(path: string): { source: string } | { error: Error } {
  try {
    const source = readFileSync(path, 'utf8');
    // Compiles without running; an `import` is a syntax error here as it is there, whatever the file is called.
    new Script(`(function (require, module, exports, process) {${source}\n})`, { filename: path });
    return { source };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * The texts of the functions the preload runs in the page's world. Electron takes them from their closure by serialising
 * them; here they are found by running the preload once against stand-ins that only listen.
 */
export function mainWorldTexts(source: string): string[] {
  const texts: string[] = [];
  const contextBridge = {
    exposeInMainWorld: () => undefined,
    executeInMainWorld: ({ func }: { func: unknown }) => void texts.push(String(func)),
  };
  const ipcRenderer = { on: () => undefined, invoke: () => new Promise(() => undefined) };
  const context = createContext({ console });
  const run = runInContext(`(function (require, module, exports) {${source}\n})`, context) as (
    ...args: unknown[]
  ) => void;
  const module = { exports: {} };
  run(() => ({ contextBridge, ipcRenderer }), module, module.exports);
  return texts;
}

/** The script to run before the page's own: the sandbox, then the preload at `path` inside it. */
export async function preparePreload(path: string): Promise<Preload> {
  const read = readPreload(path);
  if ('error' in read) return read;
  let texts: string[];
  try {
    texts = mainWorldTexts(read.source);
  } catch {
    // It throws (a require that is not allowed, say): so it will in the page, where it is reported.
    texts = [];
  }
  const sandbox = await bundle();
  const functions = texts.map(text => `[${JSON.stringify(text)}, (${text})]`).join(',\n');
  const script = `
if (window === window.top && location.protocol === 'https:') {
  ${sandbox}
  const ask = window[${JSON.stringify(BINDING)}];
  delete window[${JSON.stringify(BINDING)}];
  const sandbox = TenhertzDouble.createSandbox(window, ask, new Map([${functions}]));
  Object.defineProperty(window, Symbol.for(${JSON.stringify(RECEIVE)}), { value: sandbox.receive });
  const module = { exports: {} };
  const process = new Proxy({}, { get: (_target, key) => { throw new Error('process.' + String(key) + ' is not in the double'); } });
  try {
    (function (require, module, exports, process) {${read.source}
    })(sandbox.require, module, module.exports, process);
  } catch (error) {
    console.error('Unable to load preload script: ' + ${JSON.stringify(path)});
    console.error(error);
  }
}
`;
  return { script };
}

/** The sandbox and what it imports as one classic script. */
async function bundle(): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: 'silent',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: {
        entry: join(import.meta.dirname, 'page', 'sandbox.ts'),
        formats: ['iife'],
        name: 'TenhertzDouble',
      },
    },
  });
  const chunk = Array.isArray(outputs) && outputs[0] && outputs[0].output[0];
  if (!chunk) throw new Error('the sandbox of the double could not be bundled');
  return chunk.code;
}
