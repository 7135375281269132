import type { StoreApi } from 'zustand/vanilla';
import type { Dock } from '../desk/dock-port.ts';
import type { ViewState } from '../state/view-store.ts';
import type { Command } from './command.ts';

/** The palette itself, the look, and help. */
export function screenCommands(view: StoreApi<ViewState>, dock: Dock): Command[] {
  const look = (id: string, title: string, change: Partial<ViewState>, keywords: string[]): Command => ({
    id: `look.${id}`,
    title,
    section: 'Appearance',
    keywords: ['settings', 'appearance', ...keywords],
    run: () => view.setState(change),
    when: () =>
      Object.entries(change).some(([name, value]) => view.getState()[name as keyof ViewState] !== value),
  });
  return [
    {
      id: 'palette.open',
      title: 'Search a token or type a command',
      section: 'Help',
      keys: '$mod+KeyK',
      run: () =>
        view.setState(({ dialog }) => ({ dialog: dialog?.kind === 'palette' ? null : { kind: 'palette' } })),
    },
    look('dark', 'Use the dark theme', { theme: 'dark' }, ['colours', 'night']),
    look('light', 'Use the light theme', { theme: 'light' }, ['colours', 'day']),
    look('teal-red', 'Up and down in teal and red', { colours: 'teal-red' }, ['colours', 'colors']),
    look('blue-orange', 'Up and down in blue and orange', { colours: 'blue-orange' }, [
      'colours',
      'colors',
      'colour-blind',
      'color-blind',
    ]),
    look('comfortable', 'Comfortable rows', { density: 'comfortable' }, ['density', 'spacing']),
    look('compact', 'Compact rows', { density: 'compact' }, ['density', 'spacing', 'dense']),
    {
      id: 'help.welcome',
      title: 'What the numbers mean',
      section: 'Help',
      keywords: ['welcome', 'onboarding', 'help', 'freshness', 'introduction', 'tour'],
      run: () => view.setState({ dialog: { kind: 'welcome' } }),
    },
    {
      id: 'help.keys',
      title: 'Keys: look at them, change them',
      section: 'Help',
      keywords: ['shortcuts', 'keyboard', 'bindings', 'settings', 'hotkeys'],
      run: () => dock.open('keys'),
    },
  ];
}
