import type { Command } from './command.ts';

/** What the trader chose: a key for a command, or `null` for none. What is not in here has its default. */
export type Overrides = Readonly<Record<string, string | null>>;

/** The key of a command now; `null`: it has none. */
export function bindingOf(command: Pick<Command, 'id' | 'keys'>, overrides: Overrides): string | null {
  const chosen = overrides[command.id];
  return chosen === undefined ? (command.keys ?? null) : chosen;
}

/** Commands that share a key with others, by id, each with the others' ids. */
export function conflictsOf(
  commands: readonly Command[],
  overrides: Overrides,
): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const command of commands) {
    const binding = bindingOf(command, overrides);
    if (binding === null) continue;
    const key = sameKey(binding);
    byKey.set(key, [...(byKey.get(key) ?? []), command.id]);
  }
  const conflicts = new Map<string, readonly string[]>();
  for (const ids of byKey.values()) {
    if (ids.length < 2) continue;
    for (const id of ids)
      conflicts.set(
        id,
        ids.filter(other => other !== id),
      );
  }
  return conflicts;
}

/** Two writings of one key give the same text: `Shift+Alt+KeyM` and `alt+shift+m`. */
export function sameKey(binding: string): string {
  const parts = binding.toLowerCase().split('+');
  const key = (parts.pop() ?? '').replace(/^(key|digit)(?=.$)/, '');
  return [...parts.map(part => (part === 'ctrl' ? 'control' : part)).sort(), key].join('+');
}

const SHOWN: Readonly<Record<string, string>> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'Esc',
  control: 'Ctrl',
  ' ': 'Space',
  bracketleft: '[',
  bracketright: ']',
  comma: ',',
  slash: '/',
};

/** A key for people: `Ctrl K`, `Alt Shift →`. */
export function keyText(binding: string, mac: boolean): string {
  return binding
    .split('+')
    .map(part => {
      const low = part.toLowerCase();
      if (low === '$mod') return mac ? '⌘' : 'Ctrl';
      const known = SHOWN[low];
      if (known !== undefined) return known;
      const short = part.replace(/^(Key|Digit)(?=.$)/, '');
      return short.length === 1 ? short.toUpperCase() : short;
    })
    .join(' ');
}

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph']);

/** The key that is pressed, as a binding; `null` while only modifiers are down. */
export function bindingFrom(event: KeyboardEvent, mac: boolean): string | null {
  if (MODIFIERS.has(event.key)) return null;
  const mods: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) mods.push('$mod');
  if (mac ? event.ctrlKey : event.metaKey) mods.push(mac ? 'Control' : 'Meta');
  if (event.altKey) mods.push('Alt');
  if (event.shiftKey) mods.push('Shift');
  // With Alt or Shift the character is another one than the key says; the key's place does not change.
  const place =
    /^(Key[A-Z]|Digit\d)$/.test(event.code) &&
    (event.altKey || event.shiftKey || event.ctrlKey || event.metaKey);
  return [...mods, place ? event.code : event.key].join('+');
}

/** Whether a key may fire while the trader types: only with Ctrl or Command, or a function key. */
export function firesWhileTyping(binding: string): boolean {
  return /(\$mod|control|meta)\+/i.test(binding) || /(^|\+)f\d{1,2}$/i.test(binding);
}

/** Inputs that take no text, and the keys such a one does something with by itself. */
const NO_TEXT = /^(checkbox|radio|range|color|file|button|submit|reset)$/;
const ITS_OWN = /^(Arrow.*|Home|End|Page.*| )$/;

/** Whether the event's target makes something of the key itself: text, or the next step of a slider. */
export function isTyping(target: EventTarget | null, key: string): boolean {
  // Not `instanceof`: a window of its own has classes of its own.
  const element = target as Partial<HTMLInputElement> | null;
  if (/^input$/i.test(element?.tagName ?? '') && NO_TEXT.test(element?.type ?? '')) return ITS_OWN.test(key);
  return /^(input|textarea|select)$/i.test(element?.tagName ?? '') || element?.isContentEditable === true;
}

/** Why a key cannot be chosen; `null`: it can. */
export function refuseBinding(binding: string): string | null {
  const key = binding.split('+').pop() ?? '';
  if (['Tab', 'Enter', ' ', 'Escape'].includes(binding))
    return `${key === ' ' ? 'Space' : key} is needed to move around.`;
  return null;
}
