import type { Command } from '../commands/command.ts';
import type { Dock } from '../desk/dock-port.ts';
import { SETTING_SECTIONS } from './sections.ts';
import type { SettingsForm } from './settings-form.ts';

/** A command for each section of the settings. */
export function settingsCommands(form: Pick<SettingsForm, 'go'>, dock: Pick<Dock, 'open'>): Command[] {
  return SETTING_SECTIONS.map(({ id, title, keywords }) => ({
    id: `settings.${id}`,
    title: `Settings: ${title.toLowerCase()}`,
    section: 'Appearance',
    keywords: ['settings', 'preferences', 'options', ...keywords],
    run: () => {
      form.go(id);
      dock.open('settings');
    },
  }));
}
