import { StringDecoder } from 'node:string_decoder';

/** One line of an input; `text` is `undefined` for a line that is longer than allowed. */
export interface InputLine {
  /** 1 for the first. */
  number: number;
  text: string | undefined;
}

/**
 * The lines of a UTF-8 input, without their line ends, as they come. It asks for more only when the lines before were taken,
 * and holds no more than one line of `maxLength` characters: the rest of a longer one is let go. Ends early, without an
 * error, when `signal` is given.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  options: { maxLength: number; signal: AbortSignal },
): AsyncGenerator<InputLine> {
  const { maxLength, signal } = options;
  const decoder = new StringDecoder('utf8');
  let number = 0;
  let rest = '';
  let tooLong = false;
  const take = (text: string): InputLine => {
    number += 1;
    const whole = rest + text;
    const line = tooLong || whole.length > maxLength ? undefined : whole.replace(/\r$/, '');
    rest = '';
    tooLong = false;
    return { number, text: number === 1 ? line?.replace(/^\uFEFF/, '') : line };
  };
  for await (const chunk of untilAborted(input, signal)) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))).split('\n');
    const open = lines.pop() ?? '';
    for (const line of lines) yield take(line);
    if (rest.length + open.length <= maxLength) rest += open;
    else {
      rest = '';
      tooLong = true;
    }
  }
  const end = decoder.end();
  if (rest + end !== '' || tooLong) yield take(end);
}

async function* untilAborted<T>(input: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = input[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const aborted = new Promise<'aborted'>(resolve => (stop = () => resolve('aborted')));
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === 'aborted' || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
