import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';

/** What is to be said of the settings as a whole: what failed, what waits for a restart, what was saved. */
export function SettingsNotices(): ReactElement {
  const { settings } = useServices();
  const { view, failed, saved } = useStore(settings.store);
  const problem = view?.problem ?? null;
  const pending = view?.fields.filter(field => field.pending) ?? [];
  return (
    <>
      {failed !== null && (
        <p className="refusal settings-notice" role="alert">
          {failed}{' '}
          <button type="button" className="chip" onClick={() => void settings.load()}>
            Try again
          </button>
        </p>
      )}
      {problem !== null && (
        <p className="refusal settings-notice" role="alert">
          {problem}
        </p>
      )}
      {pending.length > 0 && (
        <p className="settings-restart settings-notice" role="status">
          Restart Tenhertz to use what was changed: {pending.map(({ label }) => label).join(', ')}. Quit it
          and start it again; until then the old values are in use.
        </p>
      )}
      <p className="settings-saved" role="status">
        {saved}
      </p>
    </>
  );
}
