import { useEffect, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { findsField, findsSection, SETTING_SECTIONS, type SectionInfo } from './sections.ts';
import { SettingsNotices } from './settings-notices.tsx';
import { SettingsSectionForm } from './settings-section.tsx';
import './settings.css';

/** The settings as a form: a list of sections, a search over all of them, and the section chosen or what was found. */
export function SettingsPane(): ReactElement {
  const { settings } = useServices();
  const { view, failed, drafts, section, search } = useStore(settings.store);
  useEffect(() => void settings.load(), [settings]);
  const words = search.trim();
  const fields = view?.fields ?? [];
  const own = (id: string): boolean => id === 'alerts' || id === 'look';
  const shown = SETTING_SECTIONS.flatMap((info): { info: SectionInfo; fields: typeof fields }[] => {
    const ofSection = fields.filter(field => field.section === info.id);
    if (words === '') return info.id === section ? [{ info, fields: ofSection }] : [];
    if (own(info.id)) return findsSection(words, info) ? [{ info, fields: [] }] : [];
    const found = ofSection.filter(field => findsField(words, field));
    return found.length === 0 ? [] : [{ info, fields: found }];
  });
  const changed = (id: string): boolean =>
    fields.some(field => field.section === id && Object.hasOwn(drafts, field.name));
  return (
    <div className="settings">
      <PaneTools>
        <span className="pane-note">
          {Object.keys(drafts).length === 0 ? 'all saved' : `${Object.keys(drafts).length} not saved`}
        </span>
      </PaneTools>
      <input
        className="field settings-search"
        type="search"
        aria-label="Search the settings"
        placeholder="Search the settings"
        value={search}
        onChange={event => settings.search(event.target.value)}
      />
      <nav className="settings-sections" aria-label="Sections of the settings">
        {SETTING_SECTIONS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            aria-current={words === '' && id === section ? 'page' : undefined}
            onClick={() => settings.go(id)}
          >
            {title}
            {changed(id) && <span className="setting-mark">not saved</span>}
          </button>
        ))}
      </nav>
      <div className="settings-scroll" tabIndex={0} role="group" aria-label="Settings, all fields">
        <SettingsNotices />
        {view === null && failed === null && (
          <p className="pane-empty" role="status">
            Settings are being read.
          </p>
        )}
        {shown.map(one => (
          <SettingsSectionForm key={one.info.id} {...one} search={words} />
        ))}
        {view !== null && shown.length === 0 && (
          <p className="pane-empty" role="status">
            <strong>No setting is called like that.</strong> Try another word, such as rate, key or theme.
          </p>
        )}
      </div>
    </div>
  );
}
