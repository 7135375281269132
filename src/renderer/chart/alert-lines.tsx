import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { AlertView } from '../../shared/alerts.ts';
import type { Token } from '../../shared/contract.ts';
import { compactPrice } from '../format/prices.ts';
import { useServices } from '../app/services.ts';
import { priceRules } from '../state/alerts.ts';
import { productOf } from '../state/names.ts';
import { writeAttribute } from '../time/ticker.ts';
import { levelText, lineWords } from './alert-level.ts';
import type { ChartSession } from './chart-session.ts';
import { useLevelDrag } from './use-level-drag.ts';
import './alert-lines.css';

/** How many lines a chart draws at most; the newest stay. */
export const MOST_LINES = 60;

/** The price rules of the token as lines over the chart, each a control that can be dragged and moved by keyboard. */
export function AlertLines({ session, token }: { session: ChartSession; token: Token }): ReactElement | null {
  const { alerts } = useServices();
  const rules = useStore(alerts.store, state => state.rules);
  const lines = useMemo(() => priceRules({ rules }, token).slice(-MOST_LINES), [rules, token]);
  if (lines.length === 0) return null;
  return (
    <div className="alert-lines" role="group" aria-label={`Alerts of ${productOf(token)}`}>
      {lines.map(view => (
        <AlertLine key={view.rule.id} view={view} session={session} />
      ))}
    </div>
  );
}

function AlertLine({ view, session }: { view: AlertView; session: ChartSession }): ReactElement | null {
  const { alerts, link } = useServices();
  const line = useRef<HTMLDivElement>(null);
  const { rule, state } = view;
  const { condition } = rule;
  const kept = condition.kind === 'price' ? condition.level : '1';
  const drag = useLevelDrag({
    level: kept,
    levelAt: y => {
      const top = line.current?.parentElement?.getBoundingClientRect().top ?? 0;
      return session.chart.priceAt(y - top);
    },
    save: level => alerts.moveLevel(rule.id, level),
    remove: () => void link.invoke('alerts.remove', { ids: [rule.id] }).catch(() => {}),
  });
  const { level } = drag;
  const place = useCallback(() => {
    const element = line.current;
    const frame = element?.parentElement;
    if (element === null || frame === null || frame === undefined || session.stopped) return;
    const height = session.chart.heightOf(level);
    const beyond = height === null || height < 0 || height > frame.clientHeight;
    writeAttribute(element, 'data-beyond', String(beyond));
    const at = Math.max(0, Math.min(frame.clientHeight, height ?? 0));
    const transform = `translateY(${at.toFixed(1)}px)`;
    if (element.style.transform !== transform) element.style.transform = transform;
  }, [session, level]);
  useLayoutEffect(place);
  useEffect(() => session.onPaint(place), [session, place]);
  if (condition.kind !== 'price') return null;
  const words = lineWords(rule, condition, state);
  const text = levelText(level, session.chart.decimals());
  return (
    <div
      className="alert-line"
      ref={line}
      role="spinbutton"
      tabIndex={0}
      aria-label={`Alert: ${productOf(condition.token)} ${words}`}
      aria-valuenow={Number(level)}
      aria-valuetext={text}
      aria-keyshortcuts="ArrowUp ArrowDown Enter Escape Delete"
      title="Drag, or move with the arrow keys; Enter saves, Escape puts it back, Delete removes the alert"
      data-alert={rule.id}
      data-state={state}
      data-phase={drag.phase}
      onDoubleClick={() => alerts.editRule(rule.id)}
      {...drag.handlers}
    >
      <span className="alert-stroke" />
      <span className="alert-label">
        {drag.failed === null ? `Alert: ${words}` : `Not saved: ${drag.failed}`}
        {drag.phase === 'moving' && <span className="alert-hint"> Enter to save</span>}
      </span>
      <span className="alert-level">{compactPrice(text)}</span>
    </div>
  );
}
