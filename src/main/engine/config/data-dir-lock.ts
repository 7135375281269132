import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TenhertzError, messageOf } from '../errors.ts';
import { ensurePrivateDir, socketDir } from './data-dir-sockets.ts';

/** A process that listens in the lock's directory. `pid` is unknown when it does not answer in time. */
export interface LockHolder {
  state: 'owner' | 'candidate';
  pid: number | undefined;
}

export interface DataDirLock {
  release(): Promise<void>;
}

const NAME_BYTES = 'new-0123456789abcdef.sock'.length;
/** How long a live process may take to say who it is. */
const ANSWER_MS = 1_000;
/** A `new-` socket older than this belongs to a process that died between listening and renaming. */
const ABANDONED_MS = 60_000;

const lockDir = (dir: string): string => socketDir(join(dir, 'lock'), NAME_BYTES);

/**
 * Takes the lock of a data directory. The kernel keeps it: the holder listens on a unix socket, so a kill -9 frees it and a
 * reused pid cannot hold it. Every process listens under a name of its own that is never used again, so removing a dead
 * one cannot hit a living one. Who sees no other living process after publishing its own name is the owner; of two that
 * see each other, both step back and try again after a random time.
 *
 * @returns the lock, or the process that owns it.
 */
export async function takeLock(dir: string): Promise<DataDirLock | LockHolder> {
  const place = lockDir(dir);
  await ensurePrivateDir(place);
  for (let attempt = 0; ; attempt += 1) {
    let state: LockHolder['state'] = 'candidate';
    const name = randomBytes(8).toString('hex');
    const path = join(place, `${name}.sock`);
    const server = await listen(join(place, `new-${name}.sock`), () => state);
    // Renamed once it listens: a socket that can be seen and refuses is surely dead.
    await rename(join(place, `new-${name}.sock`), path);
    const release = async (): Promise<void> => {
      await rm(path, { force: true });
      await new Promise(resolve => server.close(resolve));
    };
    const others = await livingHolders(place, `${name}.sock`);
    if (others.length === 0) {
      state = 'owner';
      return { release };
    }
    await release();
    const owner = others.find(other => other.state === 'owner');
    if (owner !== undefined) return owner;
    if (attempt >= 50) return others[0] ?? { state: 'candidate', pid: undefined };
    await wait(10 + Math.random() * 100);
  }
}

/** The process that owns the lock of `dir` now, if any. */
export async function lockOwner(dir: string): Promise<LockHolder | undefined> {
  return (await livingHolders(lockDir(dir))).find(holder => holder.state === 'owner');
}

async function livingHolders(place: string, own?: string): Promise<LockHolder[]> {
  const names = await readdir(place).catch(() => []);
  const holders = await Promise.all(
    names.map(async name => {
      if (name === own || !name.endsWith('.sock')) return undefined;
      const path = join(place, name);
      if (name.startsWith('new-')) {
        const found = await stat(path).catch(() => undefined);
        if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
        return undefined;
      }
      const holder = await ask(path);
      if (holder === 'dead') await rm(path, { force: true });
      return holder === 'dead' ? undefined : holder;
    }),
  );
  return holders.filter(holder => holder !== undefined);
}

function listen(path: string, state: () => LockHolder['state']): Promise<Server> {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify({ state: state(), pid: process.pid }));
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      const message = `The data directory's lock cannot be made at ${path}: ${messageOf(cause)}. Choose another with --data-dir.`;
      reject(new TenhertzError('DATA_DIR_UNUSABLE', message, { exitCode: 3, facts: { path }, cause }));
    });
    server.listen(path, () => resolve(server));
  });
}

/** A connection that is refused means nobody listens; anything else counts as alive, which is the safe side. */
function ask(path: string): Promise<LockHolder | 'dead'> {
  return new Promise(resolve => {
    let text = '';
    const socket = connect(path);
    const unknown: LockHolder = { state: 'owner', pid: undefined };
    const done = (answer: LockHolder | 'dead'): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS, () => done(unknown));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : unknown),
    );
    socket.on('data', data => (text += data.toString()));
    socket.on('end', () => {
      const said = /^\{"state":"(owner|candidate)","pid":(\d+)\}$/.exec(text);
      done(
        said === null
          ? unknown
          : { state: said[1] === 'owner' ? 'owner' : 'candidate', pid: Number(said[2]) },
      );
    });
  });
}
