// @vitest-environment happy-dom
import { act, useState, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useStore } from 'zustand/react';
import { createStore } from 'zustand/vanilla';
import { ServicesContext, type Services } from '../../../../src/renderer/app/services.ts';
import type { Column } from '../../../../src/renderer/table/column.ts';
import { compareNumbers, compareTexts } from '../../../../src/renderer/table/compare.ts';
import { DataTable } from '../../../../src/renderer/table/data-table.tsx';
import { tableDefaults, type TableSettings } from '../../../../src/renderer/table/table-settings.ts';
import { browserClock } from '../../../../src/renderer/time/clock.ts';
import { NOON } from '../support.ts';

interface Row {
  token: string;
}
const prices = createStore<Record<string, number>>(() => ({ A: 3, B: 1, C: 2 }));
const drawn: string[] = [];

function Price({ token }: Row): ReactElement {
  drawn.push(`price ${token}`);
  return <span data-price-of={token}>{useStore(prices, state => state[token])}</span>;
}
const COLUMNS: readonly Column<Row>[] = [
  {
    ...{ id: 'token', title: 'Token', width: 80, header: true },
    cell: ({ token }) => {
      drawn.push(`token ${token}`);
      return token;
    },
    text: ({ token }) => token,
    compare: (a, b) => compareTexts(a.token, b.token),
  },
  {
    ...{ id: 'price', title: 'Price', width: 80, number: true, live: true },
    cell: ({ token }) => <Price token={token} />,
    text: ({ token }) => String(prices.getState()[token]),
    compare: (a, b) => compareNumbers(prices.getState()[a.token] ?? null, prices.getState()[b.token] ?? null),
  },
];
const ROWS: readonly Row[] = [{ token: 'A' }, { token: 'B' }, { token: 'C' }];
const rowId = ({ token }: Row): string => token;
const moved: unknown[] = [];
const removed: string[] = [];
const chosen: string[] = [];
let setSettings: (settings: TableSettings) => void = () => {};
let setRows: (rows: readonly Row[]) => void = () => {};
const ACTIONS = [{ label: 'Remove', key: 'Delete', run: ({ token }: Row) => void removed.push(token) }];

function Harness(): ReactElement {
  const [settings, set] = useState(tableDefaults());
  const [rows, replace] = useState(ROWS);
  setSettings = set;
  setRows = replace;
  return (
    <DataTable
      label="Things"
      columns={COLUMNS}
      rows={rows}
      rowId={rowId}
      rowName={rowId}
      rowHeight={26}
      settings={settings}
      change={part => set(now => ({ ...now, ...part }))}
      actions={ACTIONS}
      selected="B"
      onSelect={({ token }) => void chosen.push(token)}
      onMove={({ token }, steps) => void moved.push([token, steps])}
      empty={<p>Nothing.</p>}
    />
  );
}

let root: Root;
const written: string[] = [];
const later = (run: () => void = () => {}, ms = 0): Promise<void> =>
  act(async () => {
    run();
    await vi.advanceTimersByTimeAsync(ms);
  });
const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`Nothing matches ${selector}`);
  return found;
};
const order = (): string[] =>
  [...document.querySelectorAll('tbody tr')].map(row => row.getAttribute('data-row') ?? '');
const key = (selector: string, name: string, held: KeyboardEventInit = {}): Promise<void> =>
  later(() => {
    find(selector).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, ...held }));
  });
const click = (selector: string): Promise<void> =>
  later(() => {
    find(selector).dispatchEvent(new MouseEvent('click', { bubbles: true }));
  });

beforeEach(async () => {
  vi.useFakeTimers({ now: NOON });
  for (const list of [drawn, moved, removed, chosen, written]) list.length = 0;
  prices.setState({ A: 3, B: 1, C: 2 }, true);
  document.body.innerHTML = '<div id="root"></div>';
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: (text: string) => Promise.resolve(written.push(text)) },
  });
  root = createRoot(find('#root'));
  const services = { clock: browserClock, ticker: { now: () => Date.now() } } as unknown as Services;
  await later(() =>
    root.render(
      <ServicesContext value={services}>
        <Harness />
      </ServicesContext>,
    ),
  );
});
afterEach(async () => {
  await later(() => root.unmount());
  vi.useRealTimers();
});

describe('a table of data', () => {
  it('draws only the cell whose value changed', async () => {
    drawn.length = 0;
    await later(() => prices.setState({ B: 9 }));
    expect(drawn).toEqual(['price B']);
    expect(find('[data-price-of="B"]').textContent).toBe('9');
  });

  it('draws no cell anew when the focus moves, the selection is made or rows are added and reordered', async () => {
    drawn.length = 0;
    await later(() => find('tr[data-row="A"]').focus());
    await key('tr[data-row="A"]', 'ArrowDown');
    await key('tr[data-row="B"]', 'ArrowRight');
    expect(drawn).toEqual([]);
    await later(() => setRows([...ROWS].reverse()));
    expect(order()).toEqual(['C', 'B', 'A']);
    expect(drawn).toEqual([]);
    await later(() => setRows([...ROWS, { token: 'D' }]));
    expect(drawn).toEqual(['token D', 'price D']);
  });

  it('sorts by its headers, says so, and looks again every second at values that change', async () => {
    await click('th:nth-child(2) .column-title');
    expect(order()).toEqual(['A', 'C', 'B']);
    expect(find('th:nth-child(2)').getAttribute('aria-sort')).toBe('descending');
    await later(() => prices.setState({ B: 9 }));
    expect(order()).toEqual(['A', 'C', 'B']);
    await later(() => {}, 1_000);
    expect(order()).toEqual(['B', 'A', 'C']);
    await click('th:nth-child(2) .column-title');
    expect(order()).toEqual(['C', 'A', 'B']);
    await click('th:nth-child(2) .column-title');
    expect(order()).toEqual(['A', 'B', 'C']);
  });

  it('has one stop for Tab, the selected row, and takes it along with the arrows', async () => {
    const stops = (): string[] =>
      [...document.querySelectorAll('tbody [tabindex="0"]')].map(
        one =>
          `${one.closest('tr')?.getAttribute('data-row') ?? ''} ${one.getAttribute('data-column') ?? 'row'}`,
      );
    expect(stops()).toEqual(['B row']);
    await later(() => find('tr[data-row="B"]').focus());
    await key('tr[data-row="B"]', 'ArrowDown');
    expect([stops(), chosen]).toEqual([['C row'], ['C']]);
    await key('tr[data-row="C"]', 'ArrowRight');
    await key('tr[data-row="C"] th', 'ArrowRight');
    expect(stops()).toEqual(['C price']);
    expect(document.activeElement?.getAttribute('data-column')).toBe('price');
    await key('tr[data-row="C"] td', 'ArrowUp');
    expect(stops()).toEqual(['B price']);
  });

  it('selects by click and Enter, and leaves a row that is gone', async () => {
    await click('tr[data-row="C"] td');
    await key('tr[data-row="A"]', 'Enter');
    expect(chosen).toEqual(['C', 'A']);
    await later(() => find('tr[data-row="A"]').focus());
    await later(() => setRows([{ token: 'C' }]));
    expect(document.querySelector('tbody [tabindex="0"]')?.getAttribute('data-row')).toBe('C');
    await later(() => setRows([]));
    expect(document.body.textContent).toContain('Nothing.');
  });

  it('moves a row with Alt and arrows only while the order is its own', async () => {
    await key('tr[data-row="B"]', 'ArrowUp', { altKey: true });
    expect(moved).toEqual([['B', -1]]);
    await later(() => setSettings({ ...tableDefaults(), sort: 'price desc' }));
    await key('tr[data-row="B"]', 'ArrowUp', { altKey: true });
    expect(moved).toHaveLength(1);
    expect(find('tbody').getAttribute('data-manual')).toBe('false');
  });

  it('copies the cell or the row that has the focus, and says so for a moment', async () => {
    await key('tr[data-row="A"] td', 'c', { ctrlKey: true });
    await key('tr[data-row="A"]', 'c', { ctrlKey: true });
    expect(written).toEqual(['3', 'A\t3']);
    expect(find('.table-said').textContent).toBe('Copied the row');
    await later(() => {}, 3_000);
    expect(find('.table-said').textContent).toBe('');
  });

  it('says when the browser does not allow copying', async () => {
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: () => Promise.reject(new Error('no')) },
    });
    await key('tr[data-row="A"] td', 'c', { ctrlKey: true });
    expect(find('.table-said').textContent).toBe('The browser did not allow copying');
  });

  it('runs the action of a key, and opens the menu of a row by key and by its button', async () => {
    await key('tr[data-row="C"]', 'Delete');
    expect(removed).toEqual(['C']);
    await key('tr[data-row="A"]', 'F10', { shiftKey: true });
    expect(find('[role="menu"]').textContent).toContain('Copy row');
    expect(find('[role="menu"]').getAttribute('aria-label')).toBe('Menu of A');
    await later(() => {
      find('[role="menuitem"]').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    });
    expect(removed).toEqual(['C', 'A']);
    await click('tr[data-row="B"] .row-menu-button');
    expect(find('[role="menu"]').getAttribute('aria-label')).toBe('Menu of B');
  });

  it('goes along the headers with arrows, moves a column with Alt, and makes it wider with Shift', async () => {
    const titles = (): string[] => [...document.querySelectorAll('thead th')].map(one => one.textContent);
    await key('th:nth-child(1) .column-title', 'ArrowRight');
    expect(document.activeElement?.textContent).toBe('Price');
    await key('th:nth-child(2) .column-title', 'ArrowLeft', { altKey: true });
    expect(titles()).toEqual(['Price', 'Token']);
    await key('th:nth-child(1) .column-title', 'ArrowRight', { shiftKey: true });
    expect(find('col').style.width).toBe(`${(100 * 92) / 172}%`);
    expect(find('table').style.minWidth).toBe('172px');
  });
});
