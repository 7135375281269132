import type { Scene } from './scene.ts';

/** What a reload finds again: the tab's own store stands for the engine's files. */
const STORED_AS = 'fake-desk.';

const WELCOMED = { screen: { version: 1, welcomed: true } };

/** The documents of the desk: those of the scene, and what the page wrote since. */
export function answerDesk(command: string, args: Record<string, unknown>, scene: Scene): unknown {
  const name = String(args['name']);
  if (command === 'desk.write') {
    sessionStorage.setItem(STORED_AS + name, JSON.stringify(args['value']));
    return { version: '1', newest: null };
  }
  const written = sessionStorage.getItem(STORED_AS + name);
  const kept: Record<string, unknown> = scene.documents ?? WELCOMED;
  const value = written === null ? (kept[name] ?? null) : (JSON.parse(written) as unknown);
  return { value, problem: null, version: '1' };
}
