import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type ReactElement,
  type RefCallback,
  type RefObject,
} from 'react';
import { useStore } from 'zustand/react';
import { createStore } from 'zustand/vanilla';
import type { DecimalString, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { AlertLines } from './alert-lines.tsx';
import { BarsTable } from './bars-table.tsx';
import type { ChartAction } from './chart-actions.ts';
import { FIRST_PHASE } from './chart-feed.ts';
import type { ChartSession, SessionState } from './chart-session.ts';
import { GoToDate } from './go-to-date.tsx';
import { RangeSummary } from './range-summary.tsx';
import { StageMenu } from './stage-menu.tsx';
import { StageNotes } from './stage-notes.tsx';
import { useCondition } from './use-alert-here.ts';
import { ZoneLabel } from './zone-label.tsx';

export interface ChartStageProps {
  session: ChartSession | null;
  /** The `ref` of the canvas's container. */
  place: RefCallback<HTMLElement>;
  token: Token | null;
  /** The pair, and what is drawn of it, for assistive technology. */
  name: string;
  label: string;
  /** Id of the summary that describes the chart. */
  summary: string;
  onKey: (event: KeyboardEvent) => void;
  run: (action: ChartAction) => void;
  addAlert: (level: DecimalString) => void;
  failedAlert: string | null;
  asksDate: boolean;
  onDateDone: () => void;
  tableShown: boolean;
}

const NOT_OPEN = createStore<SessionState>(() => ({ phase: FIRST_PHASE, atNow: true, pointed: null }));

/** The canvas and everything that lies over it. One stop of the Tab key, with keys of its own. */
export function ChartStage(props: ChartStageProps): ReactElement {
  const { session, token, onDateDone, place } = props;
  const { screen, alerts } = useServices();
  const started = useStore(screen, state => state.status !== null);
  const phase = useStore(session?.state ?? NOT_OPEN, state => state.phase);
  const atNow = useStore(session?.state ?? NOT_OPEN, state => state.atNow);
  const stage = useRef<HTMLDivElement>(null);
  const conditionFor = useCondition(token);
  useAxisWidth(session, stage);
  return (
    <StageMenu
      priceAt={y => session?.chart.priceAt(y - (stage.current?.getBoundingClientRect().top ?? 0)) ?? null}
      conditionFor={conditionFor}
      onAlert={props.addAlert}
      onEditAlert={condition => alerts.openEditor({ condition })}
      run={props.run}
    >
      <div
        className="chart-stage"
        ref={stage}
        data-phase={phase.phase}
        data-attached={phase.attached}
        role="application"
        aria-roledescription="chart"
        aria-label={props.label}
        aria-describedby={props.summary}
        tabIndex={0}
        onKeyDown={props.onKey}
      >
        <div className="chart-canvas" ref={place} role="img" aria-label={props.label} />
        {session !== null && <RangeSummary session={session} id={props.summary} />}
        <StageNotes
          phase={phase}
          empty={started && token === null}
          failedAlert={props.failedAlert}
          onRetry={() => session?.feed.retry()}
        />
        {session !== null && token !== null && phase.phase === 'drawn' && (
          <AlertLines session={session} token={token} />
        )}
        {session !== null && props.tableShown && <BarsTable session={session} name={props.name} />}
        {session !== null && props.asksDate && (
          <GoToDate
            onGo={time => {
              session.feed.goTo(time);
              onDateDone();
              stage.current?.focus();
            }}
            onClose={() => {
              onDateDone();
              stage.current?.focus();
            }}
          />
        )}
        {!atNow && phase.phase === 'drawn' && (
          <button type="button" className="button go-to-now" onClick={() => session?.feed.goToNow()}>
            Now
          </button>
        )}
        {phase.phase === 'drawn' && <ZoneLabel />}
      </div>
    </StageMenu>
  );
}

/** Tells the style sheet how wide the price axis is, so that labels stand on it and notices beside it. */
function useAxisWidth(session: ChartSession | null, stage: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let width = -1;
    return session?.onPaint(() => {
      const next = session.chart.axisWidth();
      if (next === width) return;
      width = next;
      stage.current?.style.setProperty('--axis-width', `${next}px`);
    });
  }, [session, stage]);
}
