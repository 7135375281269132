import type { Settings } from '../config/settings.ts';
import { readLedgerSettings } from '../ledger/settings.ts';
import { readRedisSettings } from '../redis/settings.ts';

/** Which Redis is in use, without user and password. */
export function redisInUse({ redis, redisInFile, env }: Settings): string {
  const chosen = readRedisSettings({ flag: redis, env, file: redisInFile });
  return chosen.kind === 'external' ? chosen.address : chosen.kind;
}

/** Which ledger is in use, without user and password. */
export function ledgerInUse({ postgres, postgresInFile, env }: Settings): string {
  const chosen = readLedgerSettings({ flag: postgres, env, file: postgresInFile });
  return chosen.kind === 'external' ? chosen.address : chosen.kind;
}

/** Whether a text holds, or may hold, a user or a password: such a one is not sent to a screen. */
export function holdsLogin(text: string): boolean {
  return text.includes('@') || /[?&](password|user)=/i.test(text);
}
