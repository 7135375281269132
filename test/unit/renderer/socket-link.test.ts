import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, backoffMs } from '../../../src/renderer/bridge/backoff.ts';
import { preloadLink } from '../../../src/renderer/bridge/link.ts';
import { openLink } from '../../../src/renderer/bridge/open-link.ts';
import { parseFrame } from '../../../src/renderer/bridge/parse-frame.ts';
import {
  ANSWER_WITHIN_MS,
  SILENCE_LIMIT_MS,
  SocketLink,
  type Socket,
} from '../../../src/renderer/bridge/socket-link.ts';
import { browserClock, type Clock } from '../../../src/renderer/time/clock.ts';
import { TestLink, batchOf } from './support.ts';

/** The machine's clock, sped up for the long waits only: no test sits through ten seconds. */
const hasty: Clock = {
  ...browserClock,
  after: (ms, run) => browserClock.after(ms >= 1_000 ? ms / 50 : ms, run),
};

describe('the bridge over a real WebSocket', () => {
  let server: WebSocketServer;
  let url = '';
  let link: SocketLink;
  let connects = 0;
  const clients: WebSocket[] = [];
  const asked: { id: number; command: string; args: unknown }[] = [];

  async function listen(port = 0): Promise<void> {
    server = new WebSocketServer({ host: '127.0.0.1', port });
    await new Promise(resolve => server.once('listening', resolve));
    server.on('connection', client => {
      clients.push(client);
      client.on('message', data =>
        asked.push(JSON.parse((data as Buffer).toString()) as (typeof asked)[number]),
      );
    });
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  }

  function open(clock: Clock = browserClock): void {
    link = new SocketLink({
      url,
      openSocket: address => new WebSocket(address) as unknown as Socket,
      clock,
      random: () => 0.5,
    });
    link.onConnect(() => {
      connects += 1;
    });
  }

  const reply = (frame: unknown): void =>
    clients.at(-1)?.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const connected = (times = 1): Promise<void> => vi.waitFor(() => expect(connects).toBe(times), 5_000);

  async function stopServer(): Promise<void> {
    for (const client of clients) client.terminate();
    await new Promise(resolve => server.close(resolve));
  }

  beforeEach(async () => {
    clients.length = 0;
    asked.length = 0;
    connects = 0;
    await listen();
  });

  afterEach(async () => {
    link.close();
    await stopServer();
  });

  it('carries a command and its answer, whatever the order of answers', async () => {
    open();
    await connected();
    const first = link.invoke('feed.confirm', { seq: 7 });
    const second = link.invoke('app.info', {});
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[0]).toEqual({ id: 1, command: 'feed.confirm', args: { seq: 7 } });
    reply({ id: 2, result: { name: 'Tenhertz' } });
    reply({ id: 1, result: null });
    expect(await second).toEqual({ name: 'Tenhertz' });
    expect(await first).toBeNull();
  });

  it('rejects with the code of a refusal', async () => {
    open();
    await connected();
    const refused = link.invoke('chart.bars', { tokens: [], interval: '1s', limit: 0 });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    reply({ id: 1, error: { code: 'BAD_ARGUMENTS', message: 'limit must be 1 to 5000' } });
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_ARGUMENTS',
      message: 'limit must be 1 to 5000',
    });
  });

  it('hands on batches until told to stop, and leaves what it does not understand', async () => {
    open();
    const seqs: number[] = [];
    const stop = link.on('feed.batch', batch => seqs.push(batch.seq));
    await connected();
    reply('not json');
    reply({ id: 99, result: null });
    reply({ event: 'feed.batch', payload: batchOf({ seq: 1 }) });
    await vi.waitFor(() => expect(seqs).toEqual([1]));
    stop();
    reply({ event: 'feed.batch', payload: batchOf({ seq: 2 }) });
    reply({ id: 0, result: null });
    const answered = link.invoke('feed.follow', {});
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    reply({ id: 1, result: null });
    await answered;
    expect(seqs).toEqual([1]);
  });

  it('connects again by itself after the server went away, and says so each time', async () => {
    open();
    await connected();
    const port = Number(new URL(url).port);
    const lost = link.invoke('app.info', {});
    lost.catch(() => {});
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    await stopServer();
    await expect(lost).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await expect(link.invoke('feed.follow', {})).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await listen(port);
    await connected(2);
  });

  it('tells a late listener at once that there is a line', async () => {
    open();
    await connected();
    let told = 0;
    const undo = link.onConnect(() => {
      told += 1;
    });
    expect(told).toBe(1);
    undo();
  });

  it('replaces a line that says nothing: half-open sockets look alive', async () => {
    expect(SILENCE_LIMIT_MS).toBeLessThan(ANSWER_WITHIN_MS);
    open(hasty);
    await connected();
    await connected(2);
  });

  it('gives up on an answer that does not come', async () => {
    open(hasty);
    await connected();
    const talk = setInterval(() => reply({ event: 'feed.batch', payload: batchOf() }), 10);
    await expect(link.invoke('app.info', {})).rejects.toMatchObject({ code: 'TIMEOUT' });
    clearInterval(talk);
  });

  it('stays closed once closed', async () => {
    open();
    await connected();
    link.close();
    await new Promise(resolve => setTimeout(resolve, FIRST_WAIT_MS + 100));
    expect(connects).toBe(1);
    expect(clients).toHaveLength(1);
  });
});

describe('frames', () => {
  it('are taken apart with care', () => {
    expect(parseFrame('{"id":1,"result":null}')).toEqual({ id: 1, result: null });
    expect(parseFrame('{"id":1,"error":{"code":"A","message":"b"}}')).toEqual({
      id: 1,
      error: { code: 'A', message: 'b' },
    });
    for (const odd of [
      '',
      '[]',
      '1',
      'null',
      '{"id":"1","result":1}',
      '{"id":1}',
      '{"id":1,"error":"x"}',
      '{"event":"feed.batch"}',
      '{"event":"other","payload":{}}',
    ]) {
      expect(parseFrame(odd)).toBeNull();
    }
    expect(parseFrame(new ArrayBuffer(2))).toBeNull();
  });
});

describe('waiting between attempts', () => {
  it('doubles up to a limit and is never the same for everybody', () => {
    expect([0, 1, 2].map(attempt => backoffMs(attempt, () => 0))).toEqual([250, 500, 1_000]);
    expect(backoffMs(40, () => 0)).toBe(LONGEST_WAIT_MS);
    expect(backoffMs(40, () => 0.999)).toBeGreaterThanOrEqual(LONGEST_WAIT_MS / 2);
  });
});

describe('the choice of a bridge', () => {
  it("takes the desktop's preload where there is one", async () => {
    const preload = new TestLink();
    const link = openLink({ tenhertz: preload } as unknown as typeof globalThis & Window, browserClock);
    let connects = 0;
    link.onConnect(() => {
      connects += 1;
    })();
    await link.invoke('feed.follow', {});
    expect(connects).toBe(1);
    expect(preload.calls).toEqual([{ command: 'feed.follow', args: {} }]);
    const seqs: number[] = [];
    preloadLink(preload).on('feed.batch', batch => seqs.push(batch.seq));
    preload.send(batchOf({ seq: 4 }));
    expect(seqs).toEqual([4]);
    link.close();
  });

  it('else opens a WebSocket to /ws where the page came from', () => {
    const opened: string[] = [];
    class Fake {
      constructor(url: string) {
        opened.push(url);
      }
      addEventListener(): void {}
      close(): void {}
    }
    for (const href of ['http://127.0.0.1:4000/?token=x', 'https://desk.example/a']) {
      const page = { location: { href }, WebSocket: Fake } as unknown as typeof globalThis & Window;
      openLink(page, browserClock).close();
    }
    expect(opened).toEqual(['ws://127.0.0.1:4000/ws', 'wss://desk.example/ws']);
  });
});
