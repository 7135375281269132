import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { toldNumbers } from '../format/told-numbers.ts';
import './alerts.css';

/** Toasts on the screen at once; more are counted. */
const SHOWN = 3;

/** What rang on this screen until it is put away, and the words a screen reader says when it does. */
export function AlertToasts(): ReactElement {
  const { alerts } = useServices();
  const ringing = useStore(alerts.store, state => state.ringing);
  const newest = ringing[0];
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="assertive" aria-label="Alerts that ring">
        {newest === undefined ? '' : `Alert. ${toldNumbers(newest.text)}`}
      </div>
      {ringing.length > 0 && (
        <section className="alert-toasts" aria-label="Ringing alerts">
          <ul>
            {ringing.slice(0, SHOWN).map(({ id, name, text, test }) => (
              <li key={id} className="alert-toast" data-toast-id={id}>
                <div>
                  {!text.includes(name) && <strong>{name}</strong>}
                  <p>{toldNumbers(text)}</p>
                </div>
                <button
                  type="button"
                  className="chip"
                  aria-label={`Put away: ${test ? 'test of ' : ''}${name}`}
                  onClick={() => alerts.putAway(id)}
                >
                  Seen
                </button>
              </li>
            ))}
            {ringing.length > SHOWN && (
              <li className="alert-toast-more">and {ringing.length - SHOWN} more in the log</li>
            )}
          </ul>
        </section>
      )}
    </>
  );
}
