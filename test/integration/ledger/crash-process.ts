import { fileURLToPath } from 'node:url';
import { nodeScript, type NodeScript } from '../../support/node-child.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A process that publishes strictly through the router of the engine, event after event, and says what became of each. Where it is told
 * to, it stands still around a step of one event: its database and its pool are wrapped from outside, the parts are the program's own.
 * Arguments: Redis' socket, the ledger's address, channel, number of the first event and of the last, the event to stand still at (0:
 * none), and the point.
 */
export function crashScript(): Promise<NodeScript> {
  return nodeScript(`
    import { writeSync } from 'node:fs';
    import { systemClock as clock } from '${root}src/main/engine/clock.ts';
    import { createPublisher } from '${root}src/main/engine/events/publisher.ts';
    import { openLedgerParts } from '${root}src/main/engine/ledger-parts.ts';
    import { silentLogger as log } from '${root}src/main/engine/logger.ts';
    import { ledgerAt } from '${root}test/support/ledger.ts';
    import { testPool } from '${root}test/support/redis-pool.ts';
    const [, , socketPath, url, channel, first, last, at, point] = process.argv;
    const say = line => writeSync(1, line + '\\n');
    const stand = () => { say('stands'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };
    const { pool: real, metrics } = testPool({ path: socketPath });
    const ledger = ledgerAt(url);
    await Promise.all([real.ready(30_000), ledger.ready(30_000)]);
    let now = 0;
    const here = name => now === Number(at) && point === name;
    const database = {
      ...ledger,
      async query(config) {
        const commits = String(config.name).startsWith('tenhertz-commit');
        if (commits && here('before the transaction')) stand();
        const answer = await ledger.query(config);
        if (commits && here('between commit and publish')) stand();
        if (String(config.name) === 'tenhertz-mark' && here('after the mark')) stand();
        return answer;
      },
    };
    // Standing still between publish and mark: the marks of this process never get through.
    const marked = { ...database, query: config =>
      config.name === 'tenhertz-mark' && point === 'between publish and mark' ? new Promise(() => {}) : database.query(config) };
    const parts = openLedgerParts({
      settings: { ledger: { modes: [] } }, database: marked, pool: real, clock, log, metrics,
      publisher: createPublisher({ pool: real, clock, metrics }),
    });
    say('ready');
    for (let n = Number(first); n <= Number(last); n += 1) {
      now = n;
      const eventId = '0b9f4d0e-6c1a-4b57-9d2e-' + String(n).padStart(12, '0');
      try {
        await parts.router.publish(channel, { type: 'note', source: 'child', data: { n }, eventId });
        say('published ' + n);
      } catch (error) {
        say(error.code + ' ' + n);
      }
      if (here('between publish and mark')) stand();
    }
    say('done');
    setInterval(() => {}, 1_000);
  `);
}
