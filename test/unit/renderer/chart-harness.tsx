import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { vi } from 'vitest';
import { ServicesContext } from '../../../src/renderer/app/services.ts';
import { startServices } from '../../../src/renderer/app/start-services.ts';
import { ChartPane } from '../../../src/renderer/chart/chart-pane.tsx';
import { rememberPane } from '../../../src/renderer/state/desk-state.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import type { AlertDraft, AlertView, Batch } from '../../../src/shared/contract.ts';
import { NOON, TestLink, barOf, priceOf, snapshotOf, statusOf } from './support.ts';
import { TestChart } from './test-chart.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** A rule as the engine would keep it. */
export function ruleOf(draft: AlertDraft, id = 'rule-1'): AlertView {
  const rule = { ...draft, id: draft.id ?? id, snoozedUntil: null, createdAt: NOON, updatedAt: NOON };
  return {
    rule,
    state: 'armed',
    until: null,
    waiting: false,
    lastFiredAt: null,
    fired: 0,
    suppressed: 0,
  };
}

/** Chart panes alone in happy-dom, on an engine and charts that the test plays. */
export class Charts {
  readonly link = new TestLink();
  /** Every chart that was opened, in order. */
  readonly opened: TestChart[] = [];
  readonly services: ReturnType<typeof startServices>;
  /** Tells the chart opened at this place the size of its container. */
  readonly sizes: ((width: number, height: number) => void)[] = [];
  readonly saved: AlertDraft[] = [];
  readonly #root: Root;
  #seq = 0;

  private constructor() {
    vi.useFakeTimers({ now: NOON });
    localStorage.clear();
    document.body.innerHTML = '<div id="root"></div>';
    const { sizes } = this;
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(tell: (entries: { contentRect: object }[]) => void) {
          sizes.push((width, height) => tell([{ contentRect: { width, height } }]));
        }
        observe(): void {}
        disconnect(): void {}
        unobserve(): void {}
      },
    );
    this.link.answers['chart.bars'] = ({ tokens }: { tokens: string[] }) =>
      Object.fromEntries(tokens.map(token => [token, [barOf(NOON - 60_000, '150'), barOf(NOON, '151')]]));
    this.link.answers['chart.history'] = () => ({ bars: [], complete: true });
    this.link.answers['alerts.save'] = ({ draft }: { draft: AlertDraft }) => {
      this.saved.push(draft);
      return ruleOf(draft);
    };
    this.services = startServices({
      window,
      clock: browserClock,
      link: this.link,
      openChart: () => {
        const chart = new TestChart();
        this.opened.push(chart);
        return chart;
      },
    });
    this.#root = createRoot(document.getElementById('root') ?? document.body);
  }

  /** Panes of these tokens at 1 min, named `chart-1` and so on. */
  static async open(...tokens: string[]): Promise<Charts> {
    const charts = new Charts();
    const panes = tokens.map((token, index) => ({ token, id: `chart-${index + 1}` }));
    for (const { token, id } of panes)
      rememberPane(charts.services.desk, id, { group: null, token, settings: { interval: '1m' } });
    await charts.after(0, () =>
      charts.#root.render(
        <ServicesContext value={charts.services}>
          {panes.map(({ id }) => (
            <section key={id} id={id}>
              <ChartPane paneId={id} />
            </section>
          ))}
        </ServicesContext>,
      ),
    );
    const prices = [priceOf(), priceOf({ token: 'BONK', price: '0.0000030412' })];
    await charts.send(snapshotOf({ status: statusOf({ tokens: ['SOL', 'BONK'] }), prices }));
    return charts;
  }

  get chart(): TestChart {
    const [first] = this.opened;
    if (first === undefined) throw new Error('No chart was opened.');
    return first;
  }

  async stop(): Promise<void> {
    await this.after(0, () => this.#root.unmount());
    this.services.stop();
    vi.clearAllTimers();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }

  send(batch: Batch): Promise<void> {
    this.#seq += 1;
    return this.after(20, () => this.link.send({ ...batch, seq: this.#seq, at: Date.now() }));
  }

  /** The engine has these rules. */
  rules(...views: AlertView[]): Promise<void> {
    const { alerts } = this.services;
    return this.after(0, () =>
      alerts.store.setState({ rules: new Map(views.map(view => [view.rule.id, view])) }),
    );
  }

  key(selector: string, key: string, over: KeyboardEventInit = {}): Promise<void> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...over });
    return this.after(0, () => this.find(selector).dispatchEvent(event));
  }

  pointer(selector: string, name: string, clientY = 0, button = 0): Promise<void> {
    const event = new PointerEvent(name, { bubbles: true, clientY, button, pointerId: 1 });
    return this.after(0, () => this.find(selector).dispatchEvent(event));
  }

  click(selector: string): Promise<void> {
    return this.after(20, () =>
      this.find(selector).dispatchEvent(new MouseEvent('click', { bubbles: true })),
    );
  }

  find(selector: string): HTMLElement {
    const found = document.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`Nothing on the page matches ${selector}`);
    return found;
  }

  text(selector: string): string {
    return document.querySelector(selector)?.textContent ?? '';
  }

  async after(ms: number, run: () => unknown): Promise<void> {
    await act(async () => {
      run();
      await vi.advanceTimersByTimeAsync(ms);
    });
  }
}
