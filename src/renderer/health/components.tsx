import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { toneOfStatus, type ComponentStatus } from '../state/component-status.ts';
import { formatAge, formatMoment } from '../format/times.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';

/** After this long without a new status nobody knows whether the last one still holds. The limit is ours. */
export const STATUS_STALE_MS = 300_000;
const STATUS_DELAYED_MS = 60_000;

/** What other programs say about themselves: the newest `system_status` of each component. Nothing until one has come. */
export function Components(): ReactElement | null {
  const { screen } = useServices();
  const components = useStore(screen, state => state.components);
  const lines = useMemo(
    () => [...components.values()].sort((a, b) => (a.component < b.component ? -1 : 1)),
    [components],
  );
  if (lines.length === 0) return null;
  return (
    <div className="health-group">
      <h3 data-tone="off">
        Components
        <span className="health-state">as they say themselves</span>
      </h3>
      <ul className="components" aria-label="Components">
        {lines.map(line => (
          <Component key={line.component} line={line} />
        ))}
      </ul>
    </div>
  );
}

function Component({ line }: { line: ComponentStatus }): ReactElement {
  const item = useRef<HTMLLIElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const old = now - line.at;
    const freshness = old <= STATUS_DELAYED_MS ? 'fresh' : old <= STATUS_STALE_MS ? 'delayed' : 'stale';
    writeAttribute(item.current, 'data-freshness', freshness);
    writeText(age.current, formatAge(old));
  });
  return (
    <li
      ref={item}
      data-component={line.component}
      data-event-id={line.eventId}
      title={`${line.channel}, ${formatMoment(line.at)}`}
    >
      <p className="component-line" data-tone={toneOfStatus(line.status)}>
        <span className="dot" />
        <span className="component-name">{line.component}</span>
        <span className="component-status">{line.status}</span>
        <span className="age" ref={age} />
      </p>
      {line.message !== null && <p className="health-message">{line.message}</p>}
    </li>
  );
}
