import { SOCKET_PORT, type ServerHome } from './server-home.ts';

/** For one desk on a machine that does other things too: small, durable, quiet, and reached by its unix socket alone. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(SOCKET_PORT),
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: '64MB',
  huge_pages: 'off',
  // No copies are made from its log, and one process less does the work.
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  // Containers often have next to no shared memory for parallel plans.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  autovacuum_naptime: '30s',
  autovacuum_max_workers: '2',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '',
};

/** The command line of the server in `home`. Given at every start, so that no file has to be kept in step with the program. */
export function serverArguments(home: Pick<ServerHome, 'cluster' | 'sockets'>): string[] {
  const all = { ...SETTINGS, unix_socket_directories: quoted(home.sockets) };
  return ['-D', home.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** What the programs are told of the environment: nothing of PostgreSQL's own variables, and a locale that is always there. */
export function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG|NODE_)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/** The setting is a list: a name with a comma in it stands in quotes. */
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
