import { bindingOf, keyText, type Overrides } from '../commands/bindings.ts';
import type { Command, Section } from '../commands/command.ts';
import type { Token } from '../../shared/contract.ts';
import { pairName } from '../state/names.ts';

/** One line of the palette. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly section: Section;
  readonly keywords: readonly string[];
  /** For people; `null`: no key. */
  readonly key: string | null;
  readonly run: () => void;
}

/** In which order sections stand while nothing is typed. */
export const SECTIONS: readonly Section[] = [
  'Tokens',
  'Panes',
  'Layouts',
  'Alerts',
  'Chart',
  'Time',
  'Appearance',
  'Help',
];

/** Commands that make sense now, as lines. The palette does not offer itself. */
export function commandEntries(commands: readonly Command[], overrides: Overrides, mac: boolean): Entry[] {
  return commands
    .filter(command => command.id !== 'palette.open' && command.when?.() !== false)
    .map(command => {
      const binding = bindingOf(command, overrides);
      return {
        id: command.id,
        title: command.title,
        section: command.section,
        keywords: command.keywords ?? [],
        key: binding === null ? null : keyText(binding, mac),
        run: command.run,
      };
    });
}

/** Tokens of the watchlist as lines: choosing one shows it in the active pane and its group. */
export function tokenEntries(tokens: readonly Token[], select: (token: Token) => void): Entry[] {
  return tokens.map(token => ({
    id: `token.${token}`,
    title: pairName(token),
    section: 'Tokens',
    keywords: [token, 'token', 'symbol', 'chart'],
    key: null,
    run: () => select(token),
  }));
}

/** Those used last first, then the rest by section. */
export function inOrder(
  entries: readonly Entry[],
  recent: readonly string[],
): { heading: string; entries: readonly Entry[] }[] {
  const last = recent.flatMap(id => entries.filter(entry => entry.id === id)).slice(0, 6);
  const groups = [{ heading: 'Recent', entries: last }];
  for (const section of SECTIONS) {
    groups.push({
      heading: section,
      entries: entries.filter(entry => entry.section === section && !last.includes(entry)),
    });
  }
  return groups.filter(group => group.entries.length > 0);
}
