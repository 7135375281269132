import { Readable } from 'node:stream';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';
import { makeHost } from '../../unit/cli/fake-host.ts';

/** What one command did. */
export interface Ran {
  code: number;
  /** Its stdout, and the lines of it when they are JSON. */
  text: string;
  lines: unknown[];
  err: string;
}

/** Commands on a real Redis, each in this process with a data directory of its own. */
export class CommandBench {
  readonly server: TestRedis;
  readonly client: Redis;
  host = makeHost();

  static async start(): Promise<CommandBench> {
    return new CommandBench(await startTestRedis());
  }

  private constructor(server: TestRedis) {
    this.server = server;
    this.client = new Redis({ path: server.socketPath });
    // A test may kill the server.
    this.client.on('error', () => undefined);
  }

  /** Empties the server and makes a new data directory. */
  async reset(): Promise<void> {
    this.host.remove();
    this.host = makeHost();
    await this.client.flushall();
  }

  async stop(): Promise<void> {
    this.host.remove();
    this.client.disconnect();
    await this.server.stop();
  }

  /** Runs one command on the server; without a ledger, unless it names one. */
  async on(argv: string[], input: string[] = []): Promise<Ran> {
    const { process } = this.host;
    process.out = '';
    process.err = '';
    process.stdin = Readable.from(input);
    const ledger = argv.includes('--postgres') ? [] : ['--postgres', 'off'];
    const servers = ['--redis', this.server.url, ...ledger];
    const code = await this.host.run(...argv, ...servers, '--log-level', 'silent');
    expect(process.eventNames()).toEqual([]);
    const text = process.out;
    const lines = text.startsWith('{') ? text.trimEnd().split('\n') : [];
    return { code, lines: lines.map(line => JSON.parse(line) as unknown), text, err: process.err };
  }
}
