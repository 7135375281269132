import type { PaneId } from '../state/desk-state.ts';
import type { Cancel } from '../time/clock.ts';

/** Runs the action of that id on a chart. */
export type RunAction = (action: string) => void;

/** The charts on the screen, for whoever wants to do something with one of them without being part of it. */
export class OpenCharts {
  readonly #charts = new Map<PaneId, RunAction>();
  #used: PaneId | null = null;

  /** A chart is there from now until the undo. */
  add(pane: PaneId, run: RunAction): Cancel {
    this.#charts.set(pane, run);
    return () => {
      if (this.#charts.get(pane) === run) this.#charts.delete(pane);
    };
  }

  /** The trader works with this chart. */
  use(pane: PaneId): void {
    this.#used = pane;
  }

  /** The chart that is meant: the pane's own, else the one used last, else the first; `null` when there is none. */
  meant(pane: PaneId | null): RunAction | null {
    const [first = null] = this.#charts.values();
    return this.#of(pane) ?? this.#of(this.#used) ?? first;
  }

  #of(pane: PaneId | null): RunAction | undefined {
    return pane === null ? undefined : this.#charts.get(pane);
  }
}
