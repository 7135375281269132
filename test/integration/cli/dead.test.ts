import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await CommandBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => bench.reset());

describe('tenhertz dead', () => {
  const bury = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 1; n <= count; n += 1) {
      const fields = JSON.stringify(['event_id', `e${n}`, 'data', '{']);
      const entry = [
        'reason',
        'data is not \u001b[31mJSON',
        'count',
        '2',
        'entry_id',
        `${n}-0`,
        'fields',
        fields,
      ];
      ids.push((await bench.client.xadd('dead:{stream:trade-events}', '*', ...entry)) ?? '');
    }
    return ids;
  };

  it('tells the channels, and the letters of one, newest first', async () => {
    expect((await bench.on(['dead'])).text).toBe('There are no dead letters.\n');
    expect((await bench.on(['dead', '--channel', 'trade-events'])).text).toBe(
      '"trade-events" has no dead letters.\n',
    );
    const [first = '', second = ''] = await bury(2);
    expect((await bench.on(['dead'])).text).toBe('trade-events  2\n');
    expect((await bench.on(['dead', '--json'])).lines).toEqual([
      { channels: [{ channel: 'trade-events', count: 2 }], complete: true },
    ]);
    const { text } = await bench.on(['dead', '--channel', 'trade-events']);
    expect(text.split('\n').map(line => line.split(' ')[0])).toEqual([second, first, '']);
    expect(text).toContain(
      'data is not ?[31mJSON, tried 2 times; entry 1-0  [["event_id","e1"],["data","{"]]',
    );
    expect((await bench.on(['dead', '--channel', 'trade-events', '--json'])).lines).toMatchObject([
      {
        channel: 'trade-events',
        letters: [{ id: second }, { id: first, count: 2, entryId: '1-0' }],
        more: false,
      },
    ]);
  });

  it('shows a hundred, or all', async () => {
    await bury(102);
    const some = await bench.on(['dead', '--channel', 'trade-events']);
    expect(some.text.split('\n')).toHaveLength(102);
    expect(some.text).toContain('--all shows every one');
    expect((await bench.on(['dead', '--channel', 'trade-events', '--all'])).text.split('\n')).toHaveLength(
      103,
    );
  });

  it('puts letters back, drops them, and says how many there were', async () => {
    const [a = '', b = '', c = ''] = await bury(5);
    const back = await bench.on(['dead', '--channel', 'trade-events', '--requeue', a, '1-0']);
    expect(back).toMatchObject({ code: 0, text: '1 requeued; 1 of the ids given are not there.\n' });
    expect(await bench.client.xrange('stream:trade-events', '-', '+')).toMatchObject([
      [expect.any(String), ['event_id', 'e1', 'data', '{']],
    ]);
    expect((await bench.on(['dead', '--channel', 'trade-events', '--drop', b, c])).text).toBe('2 dropped.\n');
    expect(
      (await bench.on(['dead', '--channel', 'trade-events', '--requeue', '--all', '--json'])).lines,
    ).toEqual([{ channel: 'trade-events', requeued: 2 }]);
    expect(await bench.client.xlen('stream:trade-events')).toBe(3);
    await bury(3);
    expect((await bench.on(['dead', '--channel', 'trade-events', '--drop', '--all'])).text).toBe(
      '3 dropped.\n',
    );
    expect(await bench.client.xlen('dead:{stream:trade-events}')).toBe(0);
  });
});
