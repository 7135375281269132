import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';

/** On the first start: an offer to explain the screen. It lies over nothing, and once put away it never returns. */
export function WelcomeStrip(): ReactElement | null {
  const { view } = useServices();
  const welcomed = useStore(view, state => state.welcomed);
  if (welcomed !== false) return null;
  return (
    <div className="strip" role="region" aria-label="Welcome">
      <p>
        <strong>New here?</strong> One page says what the numbers, dots and colours mean, and which keys there
        are.
      </p>
      <span className="strip-space" />
      <button
        type="button"
        className="text-button"
        onClick={() => view.setState({ dialog: { kind: 'welcome' }, welcomed: true })}
      >
        Show me
      </button>
      <button type="button" className="text-button" onClick={() => view.setState({ welcomed: true })}>
        No, thanks
      </button>
    </div>
  );
}
