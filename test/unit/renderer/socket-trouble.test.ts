import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageOf } from '../../../src/renderer/bridge/message-of.ts';
import {
  ANSWER_WITHIN_MS,
  SILENCE_LIMIT_MS,
  SocketLink,
  type Socket,
} from '../../../src/renderer/bridge/socket-link.ts';
import { LONGEST_WAIT_MS } from '../../../src/renderer/bridge/backoff.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { batchOf } from './support.ts';

/** A socket that does what a test tells it to. */
class Line extends EventTarget {
  readonly sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  says(frame: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  opens(): void {
    this.dispatchEvent(new Event('open'));
  }

  ends(): void {
    this.dispatchEvent(new Event('close'));
  }
}

function linked(): { link: SocketLink; lines: Line[]; newest: () => Line } {
  const lines: Line[] = [];
  const link = new SocketLink({
    url: 'ws://127.0.0.1/ws',
    openSocket: () => {
      lines.push(new Line());
      return lines.at(-1) as unknown as Socket;
    },
    clock: browserClock,
    random: () => 0,
  });
  const newest = (): Line => {
    const line = lines.at(-1);
    if (line === undefined) throw new Error('nothing was opened');
    return line;
  };
  return { link, lines, newest };
}

describe('a line to the engine in trouble', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('that does not open is given up and another one tried, later each time', async () => {
    const { link, lines } = linked();
    const opened: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const before = lines.length;
      await vi.advanceTimersByTimeAsync(SILENCE_LIMIT_MS - 1);
      expect(lines.at(-1)?.closed).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(lines.at(-1)?.closed).toBe(true);
      const lostAt = Date.now();
      while (lines.length === before) await vi.advanceTimersByTimeAsync(50);
      opened.push(Date.now() - lostAt);
    }
    expect(opened).toEqual([250, 500, 1_000, 2_000, 4_000, LONGEST_WAIT_MS, LONGEST_WAIT_MS]);
    link.close();
  });

  it('comes back soon again after it was well: what it waited before is forgotten with the first word', async () => {
    const { link, lines, newest } = linked();
    newest().ends();
    await vi.advanceTimersByTimeAsync(250);
    newest().ends();
    await vi.advanceTimersByTimeAsync(500);
    expect(lines).toHaveLength(3);
    newest().opens();
    newest().says({ event: 'feed.batch', payload: batchOf() });
    newest().ends();
    await vi.advanceTimersByTimeAsync(250);
    expect(lines).toHaveLength(4);
    link.close();
  });

  it('is not listened to any more once another has taken its place', async () => {
    const { link, lines, newest } = linked();
    const seqs: number[] = [];
    link.on('feed.batch', batch => seqs.push(batch.seq));
    const [former] = lines;
    former?.opens();
    former?.ends();
    await vi.advanceTimersByTimeAsync(250);
    newest().opens();
    former?.says({ event: 'feed.batch', payload: batchOf({ seq: 1 }) });
    former?.ends();
    former?.opens();
    newest().says({ event: 'feed.batch', payload: batchOf({ seq: 2 }) });
    expect(seqs).toEqual([2]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lines).toHaveLength(2);
    link.close();
  });

  it('tells who waits for an answer when the screen lets go of it, and never opens again', async () => {
    const { link, lines, newest } = linked();
    newest().opens();
    const asked = link.invoke('app.info', {});
    expect(newest().sent).toEqual(['{"id":1,"command":"app.info","args":{}}']);
    link.close();
    expect(vi.getTimerCount()).toBe(0);
    await expect(asked).rejects.toMatchObject({
      name: 'BridgeError',
      code: 'DISCONNECTED',
      message: 'The line to the engine was lost before it answered.',
    });
    newest().ends();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
  });

  it('leaves an answer that comes too late', async () => {
    const { link, newest } = linked();
    newest().opens();
    const late = link.invoke('app.info', {}).catch((error: unknown) => error);
    for (let waited = 0; waited < ANSWER_WITHIN_MS; waited += 1_000) {
      newest().says({ event: 'feed.batch', payload: batchOf() });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    newest().says({ id: 1, result: { name: 'Tenhertz' } });
    expect(await late).toMatchObject({
      code: 'TIMEOUT',
      message: `The engine did not answer app.info within ${ANSWER_WITHIN_MS} ms.`,
    });
    const next = link.invoke('app.info', {});
    newest().says({ id: 2, error: { code: 'INTERNAL', message: 'It broke.' } });
    await expect(next).rejects.toMatchObject({ code: 'INTERNAL', message: 'It broke.' });
    link.close();
  });

  it('refuses what is asked before it is open, rather than keep it for later', async () => {
    const { link, newest } = linked();
    await expect(link.invoke('app.info', {})).rejects.toMatchObject({ code: 'DISCONNECTED' });
    newest().opens();
    expect(newest().sent).toEqual([]);
    link.close();
  });
});

describe('what went wrong', () => {
  it('is told in the words of the error, or as what was thrown in place of one', () => {
    expect(messageOf(new Error('The ledger is away.'))).toBe('The ledger is away.');
    expect(messageOf('gone')).toBe('gone');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
