import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readEventLine } from '../../../src/main/cli/event-line.ts';
import { Output } from '../../../src/main/cli/output.ts';
import { readLines, type InputLine } from '../../../src/main/cli/read-lines.ts';
import { Results } from '../../../src/main/cli/results.ts';

async function linesOf(chunks: (string | Uint8Array)[], maxLength = 100): Promise<(string | undefined)[]> {
  const { signal } = new AbortController();
  const found: InputLine[] = [];
  for await (const line of readLines(Readable.from(chunks), { maxLength, signal })) found.push(line);
  expect(found.map(({ number }) => number)).toEqual(found.map((_, index) => index + 1));
  return found.map(({ text }) => text);
}

describe('reading lines', () => {
  it('puts pieces together wherever they were cut, inside a letter too', async () => {
    const bytes = Buffer.from('\uFEFFä€😀\r\n\nzwei\nlast');
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(await linesOf(chunks)).toEqual(['ä€😀', '', 'zwei', 'last']);
    }
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf(['a\n'])).toEqual(['a']);
  });

  it('lets the rest of a line that is too long go, and goes on with the next', async () => {
    const long = 'x'.repeat(50);
    expect(await linesOf([long, long, long, '\nb\n'], 100)).toEqual([undefined, 'b']);
    expect(await linesOf([`${'x'.repeat(101)}\nb`], 100)).toEqual([undefined, 'b']);
    expect(await linesOf(['x'.repeat(101)], 100)).toEqual([undefined]);
    expect(await linesOf([`${'x'.repeat(100)}\nb`], 100)).toEqual(['x'.repeat(100), 'b']);
  });

  it('ends when it is told to, although the input does not', async () => {
    const stop = new AbortController();
    const input = new Readable({ read: () => undefined });
    input.push('a\nb');
    const found: unknown[] = [];
    for await (const { text } of readLines(input, { maxLength: 10, signal: stop.signal })) {
      found.push(text);
      stop.abort();
    }
    expect(found[0]).toBe('a');
  });
});

describe('a line to publish', () => {
  const defaults = { channel: 'ui-events', type: 'note', source: 'cli' };

  it('takes what it leaves out from the flags', () => {
    expect(readEventLine('{"data":null}', defaults)).toEqual({
      channel: 'ui-events',
      event: { type: 'note', source: 'cli', data: null },
    });
    const whole = {
      channel: 'x',
      type: 't',
      data: 1,
      event_id: 'e',
      source: 's',
      timestamp: '2026-11-21T12:00:00Z',
    };
    expect(readEventLine(JSON.stringify(whole), defaults)).toEqual({
      channel: 'x',
      event: { type: 't', source: 's', data: 1, eventId: 'e', timestamp: Date.UTC(2026, 10, 21, 12) },
    });
  });

  it('may be one of a replay', () => {
    const line =
      '{"event_id":"e","event_type":"t","channel":"x","source":"s","timestamp":"2026-11-21T12:00:00Z","sequence_number":7,"id":"1-0","data":{}}';
    expect(readEventLine(line, { source: 'cli' })).toMatchObject({
      channel: 'x',
      event: { type: 't', eventId: 'e' },
    });
  });

  it.each([
    ['{', /not JSON/],
    ['[]', /not a JSON object/],
    ['"text"', /not a JSON object/],
    ['{"data":1,"chanel":"x"}', /no member "chanel"/],
    ['{"data":1,"source":5}', /source must be a text/],
    ['{}', /data is missing/],
    ['{"data":1,"timestamp":"now"}', /timestamp must be/],
    ['{"data":1,"timestamp":[]}', /timestamp must be/],
  ])('%s is refused', (line, message) => {
    expect(() => readEventLine(line, defaults)).toThrow(message);
  });

  it('needs a channel and a type from somewhere', () => {
    expect(() => readEventLine('{"data":1}', { type: 't', source: 'cli' })).toThrow(/channel is missing/);
    expect(() => readEventLine('{"data":1}', { channel: 'x', source: 'cli' })).toThrow(/type is missing/);
  });
});

describe('results', () => {
  const parts = () => {
    const written: string[] = [];
    const failures: number[] = [];
    let broken = false;
    const results = new Results<string>({
      settled: text => `${text}\n`,
      failed: (number, error) => {
        failures.push(number);
        return error === 'fatal' ? Promise.reject(new Error('fatal')) : Promise.resolve();
      },
      write: text => {
        written.push(text);
        return Promise.resolve();
      },
      onBroken: () => (broken = true),
    });
    return { results, written, failures, isBroken: () => broken };
  };

  it('are written in the order they were added, whenever they come', async () => {
    const { results, written, failures } = parts();
    let finish: (text: string) => void = () => undefined;
    await results.add(1, new Promise(resolve => (finish = resolve)));
    await results.add(2, Promise.resolve('b'));
    await results.add(3, Promise.reject(new Error('bad')));
    await results.add(4, Promise.resolve('d'));
    expect(written).toEqual([]);
    finish('a');
    await results.end();
    expect(written.join('')).toBe('a\nb\nd\n');
    expect(failures).toEqual([3]);
  });

  it('that come one by one are written one by one', async () => {
    const { results, written } = parts();
    await results.add(1, Promise.resolve('a'));
    await new Promise(setImmediate);
    expect(written).toEqual(['a\n']);
    await results.add(2, Promise.resolve('b'));
    await results.end();
    expect(written).toEqual(['a\n', 'b\n']);
  });

  it('hold back whoever adds too many', async () => {
    const { results } = parts();
    let finish: (text: string) => void = () => undefined;
    const first = new Promise<string>(resolve => (finish = resolve));
    let added = 0;
    const adding = (async () => {
      for (; added < 3_000; added += 1) await results.add(added, added === 0 ? first : Promise.resolve('x'));
    })();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(added).toBe(1_999);
    finish('a');
    await adding;
    await results.end();
    expect(added).toBe(3_000);
  });

  it('end with the failure that ends everything', async () => {
    const { results, isBroken } = parts();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- only told apart here
    await results.add(1, Promise.reject('fatal'));
    await results.add(2, Promise.resolve('b'));
    await expect(results.end()).rejects.toThrow('fatal');
    expect(isBroken()).toBe(true);
    await results.add(3, Promise.resolve('c'));
    await expect(results.end()).rejects.toThrow('fatal');
  });
});

describe('the output', () => {
  const failing = (code: string) =>
    new Output({ write: (_text, done) => done?.(Object.assign(new Error(`no ${code}`), { code })) });

  it('does not mind a reader that went away', async () => {
    const output = failing('EPIPE');
    await output.write('a');
    expect(output.gone).toBe(true);
    await output.write('b');
  });

  it('says when it cannot be written for another reason', async () => {
    await expect(failing('ENOSPC').write('a')).rejects.toMatchObject({ code: 'OUTPUT_FAILED', exitCode: 1 });
  });

  it('resolves when the text was taken', async () => {
    let taken = (): void => undefined;
    const output = new Output({ write: (_text, done) => (taken = () => done?.()) });
    let written = false;
    const writing = output.write('a').then(() => (written = true));
    await new Promise(setImmediate);
    expect(written).toBe(false);
    taken();
    await writing;
    expect(output.gone).toBe(false);
  });
});
