import { useId, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { SettingField as Field } from '../../shared/settings.ts';
import { useServices } from '../app/services.ts';
import { Highlight } from './highlight.tsx';
import { AlertsSection, LookSection } from './own-sections.tsx';
import type { SectionInfo } from './sections.ts';
import { SettingField } from './setting-field.tsx';

/** One section, with what saves and discards its changes. */
export function SettingsSectionForm(props: {
  info: SectionInfo;
  fields: readonly Field[];
  search: string;
}): ReactElement {
  const { info, fields, search } = props;
  const { settings } = useServices();
  const { view, drafts, problems, saving } = useStore(settings.store);
  const title = useId();
  const changed = fields.filter(({ name }) => Object.hasOwn(drafts, name));
  const wrong = changed.some(({ name }) => Object.hasOwn(problems, name));
  return (
    <form
      className="settings-section"
      aria-labelledby={title}
      noValidate
      onSubmit={event => {
        event.preventDefault();
        if (!saving && !wrong) void settings.save(changed);
      }}
    >
      <h3 id={title}>
        <Highlight text={info.title} search={search} />
      </h3>
      {info.id === 'look' && <LookSection />}
      {info.id === 'alerts' && <AlertsSection />}
      {fields.map(field => (
        <SettingField
          key={field.name}
          {...{ field, search }}
          draft={drafts[field.name]}
          problem={problems[field.name]}
          onEdit={draft => settings.edit(field, draft)}
        />
      ))}
      {fields.length > 0 && (
        <div className="settings-actions">
          <button
            type="submit"
            className="button"
            disabled={changed.length === 0 || saving || wrong || (view?.problem ?? null) !== null}
          >
            {saving ? 'Saving' : 'Save'}
          </button>
          <button
            type="button"
            className="button"
            disabled={changed.length === 0 || saving}
            onClick={() => settings.discard(changed)}
          >
            Discard
          </button>
        </div>
      )}
    </form>
  );
}
