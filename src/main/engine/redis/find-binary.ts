import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { TenhertzError } from '../errors.ts';

export interface FindBinaryDeps {
  /** The path chosen in the settings; nothing else is looked at then. */
  setting?: string | undefined;
  /** The package's resources, which may bring a server along. */
  resourcesDir?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Text of `/etc/os-release`; read from there when left out. */
  osRelease?: string;
}

const NAMES = ['redis-server', 'valkey-server'];

/**
 * Finds the server to run as the embedded Redis: the setting, the package's resources, then PATH; `redis-server` before
 * `valkey-server`.
 *
 * @throws TenhertzError `REDIS_BINARY_MISSING` (exit code 4) which says how to get one on this system.
 */
export async function findRedisBinary(deps: FindBinaryDeps): Promise<string> {
  const { setting, resourcesDir, env, platform } = deps;
  if (setting !== undefined && setting !== '') {
    if (await isProgram(setting)) return setting;
    throw missing(`The Redis server named in the settings, ${setting}, is not a program that can be run. `, {
      setting,
    });
  }
  const path = (env['PATH'] ?? '').split(delimiter).filter(dir => isAbsolute(dir));
  const dirs = [...(resourcesDir === undefined ? [] : [join(resourcesDir, 'redis'), resourcesDir]), ...path];
  for (const dir of dirs) {
    for (const name of NAMES) {
      const program = join(dir, name);
      if (await isProgram(program)) return program;
    }
  }
  const release = deps.osRelease ?? (await readFile('/etc/os-release', 'utf8').catch(() => ''));
  throw missing(`No redis-server or valkey-server was found. ${howToGet(platform, release)} `, {
    looked: dirs,
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function missing(what: string, facts: Record<string, unknown>): TenhertzError {
  return new TenhertzError(
    'REDIS_BINARY_MISSING',
    `${what}Or use a running server: --redis redis://host:6379.`,
    { exitCode: 4, facts },
  );
}

/** One sentence with the command of the system's own package manager. */
function howToGet(platform: NodeJS.Platform, osRelease: string): string {
  if (platform === 'darwin') return 'Install it with: brew install redis.';
  if (platform === 'win32') return 'There is none for Windows; run one in WSL or in a container.';
  const ids = /^ID(?:_LIKE)?=.*$/gm;
  const family = (osRelease.match(ids) ?? []).join(' ');
  if (/debian|ubuntu/.test(family)) return 'Install it with: sudo apt-get install redis-server.';
  if (/fedora|rhel|centos/.test(family)) return 'Install it with: sudo dnf install redis (or valkey).';
  if (/arch/.test(family)) return 'Install it with: sudo pacman -S valkey.';
  if (/alpine/.test(family)) return 'Install it with: sudo apk add redis.';
  if (/suse/.test(family)) return 'Install it with: sudo zypper install redis.';
  return "Install redis or valkey with the system's package manager.";
}
