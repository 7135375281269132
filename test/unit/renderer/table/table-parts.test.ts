import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import type { Column, Place } from '../../../../src/renderer/table/column.ts';
import { compareDecimals, compareNumbers, compareTexts } from '../../../../src/renderer/table/compare.ts';
import { fileName, guardFormula, toCsv, toTsv } from '../../../../src/renderer/table/export-table.ts';
import { opensMenu, placeAfter } from '../../../../src/renderer/table/table-keys.ts';
import {
  acceptTableSettings,
  fitColumns,
  fitWidth,
  inOrder,
  moveColumn,
  nextSort,
  readSort,
  tableDefaults,
} from '../../../../src/renderer/table/table-settings.ts';

interface Row {
  name: string;
  price: string;
}
const column = (id: string, over: Partial<Column<Row>> = {}): Column<Row> => ({
  id,
  title: id,
  width: 100,
  cell: row => row.name,
  text: row => (id === 'price' ? row.price : row.name),
  compare: (a, b) => compareTexts(a.name, b.name),
  ...over,
});
const plain = column('plain');
const unsorted: Column<Row> = { id: 'plain', title: 'plain', width: 100, cell: plain.cell, text: plain.text };
const COLUMNS = [column('name', { header: true }), column('price', { number: true, drop: 1 }), unsorted];

describe('the keys of a table', () => {
  const press = (key: string, from: [number, number], held: object = {}): [number, number] | null => {
    const none = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
    const size = { rows: 10, columns: 3, page: 4 };
    const place: Place | null = placeAfter(
      { key, ...none, ...held },
      { row: from[0], column: from[1] },
      size,
    );
    return place === null ? null : [place.row, place.column];
  };

  it.each<[string, [number, number], [number, number] | null]>([
    ['ArrowDown', [0, -1], [1, -1]],
    ['ArrowDown', [9, 2], [9, 2]],
    ['ArrowUp', [3, 1], [2, 1]],
    ['ArrowUp', [0, -1], [0, -1]],
    ['ArrowRight', [3, -1], [3, 0]],
    ['ArrowRight', [3, 2], [3, 2]],
    ['ArrowLeft', [3, 0], [3, -1]],
    ['ArrowLeft', [3, -1], [3, -1]],
    ['Home', [3, -1], [0, -1]],
    ['End', [3, -1], [9, -1]],
    ['Home', [3, 2], [3, 0]],
    ['End', [3, 0], [3, 2]],
    ['PageDown', [3, 1], [7, 1]],
    ['PageUp', [3, 1], [0, 1]],
    ['x', [3, 1], null],
  ])('%s leads from %j to %j', (key, from, to) => expect(press(key, from)).toEqual(to));

  it('take Ctrl with Home and End as the first and last row, and nothing else with Ctrl, Alt or Shift', () => {
    expect(press('Home', [3, 2], { ctrlKey: true })).toEqual([0, 2]);
    expect(press('End', [3, 2], { ctrlKey: true })).toEqual([9, 2]);
    expect(press('ArrowDown', [3, 2], { ctrlKey: true })).toBeNull();
    expect(press('ArrowDown', [3, 2], { altKey: true })).toBeNull();
    expect(press('ArrowDown', [3, 2], { shiftKey: true })).toBeNull();
  });

  it('open a menu by Shift+F10 or the key made for it', () => {
    const of = (key: string, shiftKey = false): boolean => opensMenu({ key, shiftKey });
    expect([of('ContextMenu'), of('F10', true), of('F10'), of('F9', true)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('what a table keeps', () => {
  it('goes through first way, other way and none by clicks; numbers begin with the largest', () => {
    const [name, price] = COLUMNS as [Column<Row>, Column<Row>];
    const clicks = (one: Column<Row>): string[] => {
      const first = nextSort('', one);
      const second = nextSort(first, one);
      return [first, second, nextSort(second, one)];
    };
    expect(clicks(price)).toEqual(['price desc', 'price asc', '']);
    expect(clicks(name)).toEqual(['name asc', 'name desc', '']);
    expect(nextSort('price desc', name)).toBe('name asc');
  });

  it('is no order where the column is gone or does not sort', () => {
    expect(readSort('price desc', COLUMNS)).toEqual({ id: 'price', desc: true });
    expect([readSort('', COLUMNS), readSort('gone asc', COLUMNS), readSort('plain asc', COLUMNS)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('names columns in order; the others follow, and names of no column are passed over', () => {
    expect(inOrder(COLUMNS, ['plain', 'gone', 'name']).map(({ id }) => id)).toEqual([
      'plain',
      'name',
      'price',
    ]);
  });

  it('moves a column among those that are shown, and not past the ends', () => {
    const move = (id: string, steps: number, hidden: string[] = []): string[] =>
      moveColumn(COLUMNS, { order: [], hidden }, id, steps);
    expect(move('plain', -1)).toEqual(['name', 'plain', 'price']);
    expect(move('name', 1)).toEqual(['price', 'name', 'plain']);
    expect(move('name', 1, ['price'])).toEqual(['price', 'plain', 'name']);
    expect(move('name', -1)).toEqual(['name', 'price', 'plain']);
    expect(move('gone', 1)).toEqual(['name', 'price', 'plain']);
  });

  it('lets go of the column that is worth least where there is no room, and never of one that must stay', () => {
    const shown = (room: number): string[] => fitColumns(COLUMNS, () => 100, room).map(({ id }) => id);
    expect(shown(0)).toHaveLength(3);
    expect(shown(300)).toHaveLength(3);
    expect(shown(299)).toEqual(['name', 'plain']);
    expect(shown(10)).toEqual(['name', 'plain']);
  });

  it('keeps widths within reason, and refuses settings of another shape', () => {
    expect([fitWidth(1), fitWidth(99.6), fitWidth(9_999)]).toEqual([36, 100, 800]);
    expect(acceptTableSettings(tableDefaults(['a']))).toBe(true);
    expect(acceptTableSettings({ ...tableDefaults(), hidden: [3] as unknown as string[] })).toBe(false);
    expect(acceptTableSettings({ ...tableDefaults(), widths: { a: 'wide' } as never })).toBe(false);
  });

  it('orders unknown values before all others, and texts as people do', () => {
    const one = new Decimal('0.1');
    expect([compareDecimals(null, one), compareDecimals(one, null), compareDecimals(null, null)]).toEqual([
      -1, 1, 0,
    ]);
    expect(compareDecimals(new Decimal('0.30'), new Decimal('0.3'))).toBe(0);
    expect([compareNumbers(null, 1), compareNumbers(2, 1), compareNumbers(null, null)]).toEqual([-1, 1, 0]);
    expect(['T10', 't2', 'JUP'].sort(compareTexts)).toEqual(['JUP', 't2', 'T10']);
  });
});

describe('a table in a file', () => {
  const rows: Row[] = [
    { name: 'SOL, "wrapped"', price: '0.000012345678901234567890' },
    { name: '=HYPERLINK("x")', price: '-5.50' },
    { name: '@sum\tof\nall', price: '+1' },
  ];

  it('has every digit, quotes what needs it, and runs no formula', async () => {
    const csv = await toCsv(COLUMNS.slice(0, 2), rows);
    expect(csv.split('\r\n')).toEqual([
      '\uFEFFname,price',
      '"SOL, ""wrapped""",0.000012345678901234567890',
      '"\'=HYPERLINK(""x"")",-5.50',
      '"\'@sum\tof\nall",+1',
      '',
    ]);
  });

  it('goes to the clipboard with tabs, one line a row, with titles for a whole table', () => {
    expect(toTsv(COLUMNS.slice(0, 2), rows, true).split('\n')).toEqual([
      'name\tprice',
      'SOL, "wrapped"\t0.000012345678901234567890',
      '\'=HYPERLINK("x")\t-5.50',
      "'@sum of all\t+1",
    ]);
    expect(toTsv(COLUMNS.slice(1, 2), rows.slice(0, 1), false)).toBe('0.000012345678901234567890');
  });

  it.each(['=1+1', '+cmd', '-2+3', '@x', '\tx', '\rx', '＝1', '-'])('guards %j', text => {
    expect(guardFormula(text)).toBe(`'${text}`);
  });

  it.each(['-0.5', '+3', '12', '', 'SOL', '1-2'])('leaves %j alone', text => {
    expect(guardFormula(text)).toBe(text);
  });

  it('has a name that says what and when', () => {
    expect(fileName('Trade tape!', Date.UTC(2026, 10, 21, 14, 32, 7, 900))).toBe(
      'trade-tape-2026-11-21T14-32-07Z.csv',
    );
  });
});
