// Charts without a desk around them, on the invented engine: for what needs many of them, or needs them hidden and gone.
import '../../../src/renderer/theme/tokens.css';
import '../../../src/renderer/theme/base.css';
import './charts.css';
import { useLayoutEffect, useState, useSyncExternalStore, type ReactElement } from 'react';
import { createPortal } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { ServicesContext } from '../../../src/renderer/app/services.ts';
import { startServices } from '../../../src/renderer/app/start-services.ts';
import { openLink } from '../../../src/renderer/bridge/open-link.ts';
import { ChartPane } from '../../../src/renderer/chart/chart-pane.tsx';
import { openPriceChart } from '../../../src/renderer/chart/price-chart.ts';
import { rememberPane } from '../../../src/renderer/state/desk-state.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import type { Shown } from './harness.ts';

const leaked: unknown[] = [];
const leaks = new URLSearchParams(location.search).has('leak');
const calls: string[] = [];
let drawnMarks = 0;

const services = startServices({
  window,
  clock: browserClock,
  link: openLink(window, browserClock),
  openChart: (container, colors) => {
    const chart = openPriceChart(container, colors);
    // The variant that must be caught: somebody holds on to charts that are gone.
    if (leaks) leaked.push(chart, container);
    return {
      ...chart,
      set: bars => {
        calls.push('set');
        chart.set(bars);
      },
      replace: (bars, shift) => {
        calls.push('replace');
        chart.replace(bars, shift);
      },
      update: bars => {
        calls.push('update');
        chart.update(bars);
      },
      setTrades: marks => {
        drawnMarks = marks.length;
        chart.setTrades(marks);
      },
    };
  },
});

const store = createStore<{ shown: readonly Shown[] }>(() => ({ shown: [] }));

function Charts(): ReactElement {
  const shown = useSyncExternalStore(store.subscribe, () => store.getState().shown);
  return (
    <>
      {shown.map(one => (
        <Holder key={one.id} hidden={one.hidden === true} id={one.id} />
      ))}
    </>
  );
}

/** A place for a pane; a hidden one is taken out of the document and keeps living, as the desk does with tabs. */
function Holder({ id, hidden }: { id: string; hidden: boolean }): ReactElement {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [content] = useState(() => {
    const element = document.createElement('section');
    element.setAttribute('role', 'region');
    element.setAttribute('aria-label', `Chart ${id}`);
    element.dataset['pane'] = id;
    element.className = 'charts-pane';
    return element;
  });
  useLayoutEffect(() => {
    if (place === null || hidden) content.remove();
    else place.append(content);
  }, [place, hidden, content]);
  return (
    <div className="charts-place" ref={setPlace}>
      {createPortal(<ChartPane paneId={id} />, content)}
    </div>
  );
}

const root = createRoot(document.getElementById('root') ?? document.body);
root.render(
  <ServicesContext value={services}>
    <Charts />
  </ServicesContext>,
);

Object.assign(window, {
  charts: {
    show(shown: readonly Shown[]) {
      for (const { id, token, settings } of shown) {
        rememberPane(services.desk, id, {
          group: null,
          ...(token === undefined ? {} : { token }),
          ...(settings === undefined ? {} : { settings }),
        });
      }
      store.setState({ shown });
    },
    theme: (theme: 'dark' | 'light') => services.view.setState({ theme }),
    calls,
    marks: () => drawnMarks,
  },
});
