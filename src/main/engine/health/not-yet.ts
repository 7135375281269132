import type { EpochMs, LedgerStatus, LedgerWork, StatusView } from '../../../shared/contract.ts';
import type { Settings } from '../config/settings.ts';

/** Nothing is on its way to the ledger. */
export const noLedgerWork: Readonly<LedgerWork> = {
  outbox: 0,
  unconfirmed: 0,
  confirmFailures: 0,
  lost: 0,
  confirmMs: null,
};

/** Which ledger is wanted, before the setting is checked. */
function ledgerKind(settings: Settings): LedgerStatus['kind'] {
  const wanted = settings.postgres ?? (settings.env['DATABASE_URL'] || settings.postgresInFile) ?? 'embedded';
  return wanted === 'embedded' || wanted === 'off' ? wanted : 'external';
}

/** What is said of the rooms before they are open. */
export const notYet = {
  redis: (since: EpochMs, settings: Settings): StatusView['redis'] => ({
    state: 'connecting',
    kind: settings.redis === undefined || settings.redis === 'embedded' ? 'embedded' : 'external',
    address: '',
    since,
    latencyMs: null,
    message: 'Redis is being started.',
  }),
  ledger: (since: EpochMs, settings: Settings): StatusView['ledger'] => ({
    state: 'connecting',
    kind: ledgerKind(settings),
    address: '',
    since,
    latencyMs: null,
    message: 'The ledger is being started.',
    ...noLedgerWork,
  }),
  updater: (settings: Settings): StatusView['updater'] => ({
    state: 'stopped',
    everyMs: settings.updateEveryMs,
    lastTickAt: null,
    message: 'The updater has not started yet.',
  }),
  subscription: (): StatusView['subscription'] => ({
    state: 'starting',
    group: '',
    patterns: [],
    channels: [],
    gapsSeen: [],
    lagMs: null,
    lastAppliedAt: null,
    applied: 0,
    duplicates: 0,
    gaps: 0,
    refused: 0,
  }),
};
