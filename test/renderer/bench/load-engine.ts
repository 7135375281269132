import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type {
  Batch,
  Commands,
  EpochMs,
  FeedEvent,
  Interval,
  WireFrame,
} from '../../../src/shared/contract.ts';
import { dockOf, column, pane, row } from '../../../src/renderer/layouts/dock-tree.ts';
import { answerMoments } from '../fake/moments.ts';
import { statusAt } from '../fake/statuses.ts';
import { tradeEvent } from '../fake/trading.ts';
import { LoadMarket } from './load-market.ts';

/** How much the engine sends. */
export interface Load {
  symbols: number;
  /** A second, in ten batches; every one of them repeats one trade of the batch before, as a redelivery would. */
  trades: number;
  /** The channel all of them come in; `null`: each in its own, among them the trader's, which charts remember by the second. */
  channel: string | null;
}

/** What the aims are measured with: 500 symbols ten times a second, 1,000 trades a second. */
export const FULL_LOAD: Load = { symbols: 500, trades: 1_000, channel: null };

/** An engine under load, in this process: the page spends nothing on inventing what it draws. */
export interface LoadEngine {
  /** Different trades that were sent, and how many of them since the last snapshot: a page that was held up asks for one. */
  readonly trades: number;
  readonly tradesSince: number;
  readonly snapshots: number;
  /** Batches sent, and how many of them the page has confirmed. */
  readonly sent: number;
  readonly confirmed: number;
  /** No more batches; the last one can still be confirmed. */
  finish(): void;
  stop(): Promise<void>;
}

/** How many charts the desk has, and their intervals, of which the last one is taken for all the others. */
export interface LoadCharts {
  count: number;
  intervals: readonly Interval[];
}

/** Speaks the gateway's wire protocol on `/ws` of `server`, to one page at a time. */
export function startLoadEngine(server: Server, load: Load, charts: LoadCharts): LoadEngine {
  const sockets = new WebSocketServer({ server, path: '/ws' });
  const markets = Array.from({ length: load.symbols }, (_, index) => new LoadMarket(index));
  const documents: Record<string, unknown> = {
    screen: { version: 1, welcomed: true },
    layouts: chartsLayout(charts, markets),
  };
  const startedAt = Date.now();
  let client: WebSocket | null = null;
  let snapshotNext = false;
  let [sent, begun, confirmed, trades] = [0, 0, 0, 0];
  let [before, snapshots] = [0, 0];
  let last: FeedEvent | undefined;

  const say = (frame: WireFrame): void => client?.send(JSON.stringify(frame));
  const tick = (): void => {
    if (client === null || (!snapshotNext && (sent === 0 || confirmed < sent))) return;
    sent += 1;
    if (snapshotNext) [begun, before, snapshots] = [sent, trades, snapshots + 1];
    const now = Date.now();
    const fresh = Array.from({ length: load.trades / 10 }, (_, index) => {
      const trade = tradeEvent(trades + index + 1, now);
      return { ...trade, channel: load.channel ?? trade.channel };
    });
    trades += fresh.length;
    for (const market of markets) market.move(now);
    const batch: Batch = {
      ...{ seq: sent, kind: snapshotNext ? 'snapshot' : 'update', at: now, missed: 0 },
      prices: markets.map(market => market.price(now, sent)),
      bars: markets.flatMap(market => market.barsOf(sent - begun)),
      events: [...(last === undefined || snapshotNext ? [] : [last]), ...fresh],
      positions: [],
      status: snapshotNext || sent % 10 === 0 ? status(now) : null,
      alerts: null,
      deliveries: [],
      books: [],
      pools: null,
    };
    last = fresh.at(-1);
    snapshotNext = false;
    say({ event: 'feed.batch', payload: batch });
  };
  const status = (now: EpochMs): Batch['status'] =>
    statusAt({
      ...{ now, startedAt, troubleAt: null, kind: 'live', mode: 'live', sent, patterns: [], queued: 0 },
      tokens: markets.map(({ token }) => token),
    });
  const answer = (command: string, args: Record<string, unknown>): unknown => {
    switch (command) {
      case 'feed.follow':
        snapshotNext = true;
        confirmed = sent;
        return null;
      case 'feed.confirm':
        confirmed = Number(args['seq']);
        return null;
      case 'app.info':
        return { name: 'Tenhertz', version: '0.1.0', host: 'gateway', startedAt };
      case 'desk.read':
        return { value: documents[String(args['name'])] ?? null, problem: null, version: '' };
      case 'desk.write':
        return { version: '', newest: null };
      case 'chart.bars':
        return Object.fromEntries((args['tokens'] as string[]).map(token => [token, []]));
      case 'tokens.past':
        return {};
      case 'chart.history': {
        const { token, before } = args as Commands['chart.history']['args'];
        const market = markets.find(one => one.token === token);
        return { bars: before > startedAt ? (market?.history ?? []) : [], complete: true };
      }
      case 'alerts.deliveries':
      case 'chart.trades':
        return [];
      default:
        return command.startsWith('moment.') ? answerMoments(command, args) : null;
    }
  };
  sockets.on('connection', socket => {
    client = socket;
    socket.on('message', data => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      const { id, command, args } = JSON.parse(text) as { id: number; command: string; args: object };
      say({ id, result: answer(command, args as Record<string, unknown>) });
    });
  });
  let timer: NodeJS.Timeout | undefined = setInterval(tick, 100);
  const finish = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    get trades() {
      return trades;
    },
    get tradesSince() {
      return trades - before;
    },
    get snapshots() {
      return snapshots;
    },
    get sent() {
      return sent;
    },
    get confirmed() {
      return confirmed;
    },
    finish,
    async stop() {
      finish();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise(resolve => sockets.close(resolve));
    },
  };
}

/** A desk of watchlist, tape, positions and that many charts, each of a symbol of its own. */
function chartsLayout({ count, intervals }: LoadCharts, markets: readonly LoadMarket[]): object {
  const room = { width: 1920, height: 980 };
  const ids = Array.from({ length: count }, (_, index) => `chart-${index + 1}`);
  const half = Math.ceil(ids.length / 2);
  const stack = (some: readonly string[]) =>
    column(
      600,
      some.map(id => pane(room.height / half, id)),
    );
  const tree = row(room.width, [
    column(380, [pane(700, 'watchlist'), pane(280, 'positions')]),
    stack(ids.slice(0, half)),
    stack(ids.slice(half)),
    pane(340, 'tape'),
  ]);
  const panes = Object.fromEntries(
    ids.map((id, index) => [
      id,
      {
        group: null,
        token: markets[index]?.token ?? null,
        settings: { interval: intervals[index] ?? intervals.at(-1) },
      },
    ]),
  );
  const desk = { panes, links: { A: markets[0]?.token ?? null, B: null, C: null, D: null } };
  const layout = { name: 'Load', base: 'Desk', desk, dock: dockOf(tree, room, () => true) };
  return { version: 1, active: 'Load', layouts: [layout] };
}
