import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { vi } from 'vitest';
import type { Batch } from '../../../src/shared/contract.ts';
import { App } from '../../../src/renderer/app/app.tsx';
import { ServicesContext } from '../../../src/renderer/app/services.ts';
import { startServices } from '../../../src/renderer/app/start-services.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { NOON, TestLink, barOf, priceOf, snapshotOf, statusOf } from './support.ts';
import { TestChart } from './test-chart.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** The whole monitor in happy-dom, on an engine and a chart that the test plays. Time is vitest's; see `stop`. */
export class Monitor {
  readonly link = new TestLink();
  readonly chart = new TestChart();
  readonly services: ReturnType<typeof startServices>;
  readonly #root;
  #seq = 0;

  private constructor() {
    vi.useFakeTimers({ now: NOON });
    localStorage.clear();
    document.body.innerHTML = '<div id="root"></div>';
    this.link.answers['chart.bars'] = ({ tokens }: { tokens: string[] }) =>
      Object.fromEntries(tokens.map(token => [token, [barOf(NOON - 5_000, '150'), barOf(NOON, '151')]]));
    this.link.answers['chart.history'] = () => ({ bars: [], complete: true });
    this.services = startServices({
      window,
      clock: browserClock,
      link: this.link,
      openChart: () => this.chart,
    });
    this.#root = createRoot(document.getElementById('root') ?? document.body);
  }

  static async open(): Promise<Monitor> {
    const monitor = new Monitor();
    await act(async () => {
      monitor.#root.render(
        <ServicesContext value={monitor.services}>
          <App />
        </ServicesContext>,
      );
      await vi.advanceTimersByTimeAsync(0);
    });
    return monitor;
  }

  async stop(): Promise<void> {
    await act(async () => {
      this.#root.unmount();
      await Promise.resolve();
    });
    this.services.stop();
    vi.clearAllTimers();
    vi.useRealTimers();
  }

  /** The engine sends a batch, and a frame passes. */
  send(batch: Batch): Promise<void> {
    this.#seq += 1;
    const sent = { ...batch, seq: this.#seq, at: Date.now() };
    return this.#after(20, () => this.link.send(sent));
  }

  /** A snapshot of three tokens, the third without a price. */
  first(over: Parameters<typeof statusOf>[0] = {}): Promise<void> {
    const bonk = priceOf({ token: 'BONK', price: '0.0000030412', dayOpen: null, dayOpenAt: null });
    const status = statusOf({ tokens: ['SOL', 'BONK', 'RAY'], ...over });
    return this.send(snapshotOf({ status, prices: [priceOf(), bonk] }));
  }

  /** The trader goes to the health pane. */
  openHealth(): Promise<void> {
    return this.#after(0, () => this.services.dock.open('health'));
  }

  /** Runs a command of the screen, as the palette and the keys do. */
  command(id: string): Promise<void> {
    return this.#after(20, () => this.services.commands.run(id));
  }

  pass(ms: number): Promise<void> {
    return this.#after(ms, () => {});
  }

  click(selector: string): Promise<void> {
    return this.#after(20, () => {
      element(selector).dispatchEvent(new MouseEvent('click', { bubbles: true }));
    });
  }

  /** A pointer event on an element; React makes enter and leave of `pointerover` and `pointerout`. */
  point(selector: string, name: 'pointerover' | 'pointerout'): Promise<void> {
    return this.#after(20, () => {
      element(selector).dispatchEvent(new PointerEvent(name, { bubbles: true }));
    });
  }

  key(selector: string, name: string, over: KeyboardEventInit = {}): Promise<void> {
    return this.#after(0, () => {
      element(selector).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, ...over }));
    });
  }

  async #after(ms: number, run: () => void): Promise<void> {
    await act(async () => {
      run();
      await vi.advanceTimersByTimeAsync(ms);
    });
  }
}

export function element(selector: string): Element {
  const found = document.querySelector(selector);
  if (found === null) throw new Error(`Nothing on the page matches ${selector}`);
  return found;
}

/** The text of the first match; empty when there is none. */
export function text(selector: string): string {
  return document.querySelector(selector)?.textContent ?? '';
}

export function attribute(selector: string, name: string): string | null {
  return element(selector).getAttribute(name);
}

/** The selector of a token's row. */
export function row(token: string): string {
  return `tr:has(th[title="${token}"])`;
}
