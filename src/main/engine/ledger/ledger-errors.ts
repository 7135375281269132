import { messageOf, TenhertzError } from '../errors.ts';

/** The least PostgreSQL the ledger works with. */
export const OLDEST_SERVER = 14;

/** Where a server is, for messages; never with a password. */
export interface LedgerPlace {
  /** As `--postgres` takes it, without user and password. */
  address: string;
  kind: 'embedded' | 'external';
  user?: string | undefined;
  database?: string | undefined;
}

/** The typed error for "no ledger to talk to"; `facts.reason` is its cause in a few plain words. */
export function ledgerDown(
  reason: string,
  place: LedgerPlace,
  more: { sqlState?: string; cause?: unknown } = {},
): TenhertzError {
  const advice =
    place.kind === 'embedded' ? 'It is started again by itself' : 'Start it, or name another with --postgres';
  return ledgerError('LEDGER_DOWN', reason, place, { exitCode: 4, advice, ...more });
}

/** Any error about the ledger's server: `The ledger (address) cannot be used: reason. Advice.` */
export function ledgerError(
  code: string,
  reason: string,
  place: LedgerPlace,
  more: { exitCode: 1 | 3 | 4; advice?: string; sqlState?: string | undefined; cause?: unknown },
): TenhertzError {
  const advice = more.advice === undefined ? '' : ` ${more.advice}.`;
  return new TenhertzError(code, `The ledger (${place.address}) cannot be used: ${reason}.${advice}`, {
    exitCode: more.exitCode,
    facts: {
      reason,
      address: place.address,
      ...(more.sqlState === undefined ? {} : { sqlState: more.sqlState }),
    },
    cause: more.cause,
  });
}

/** Whether waiting does not help: the configuration has to be changed by a person. */
export function isMisconfigured(error: unknown): error is TenhertzError {
  return error instanceof TenhertzError && error.exitCode === 3;
}

/**
 * What an error of `pg` means for whoever asked: `LEDGER_FULL`, `LEDGER_REFUSED` for what a repetition would not change, and
 * `LEDGER_DOWN` for a lost connection and for what the server could not do now (deadlock, time over, out of memory).
 */
export function statementError(error: unknown, place: LedgerPlace): TenhertzError {
  if (error instanceof TenhertzError) return error;
  const sqlState = sqlStateOf(error);
  const said = messageOf(error);
  if (sqlState === undefined) return ledgerDown(inPlainWords(error), place, { cause: error });
  if (sqlState === '53100') return diskFull(place, error);
  if (isPassing(sqlState)) return ledgerDown(passing(sqlState, said), place, { sqlState, cause: error });
  return new TenhertzError('LEDGER_REFUSED', `The ledger refused a statement: ${said} (${sqlState}).`, {
    facts: { sqlState, reason: said },
    cause: error,
  });
}

/** Why a server cannot be used at all, found when connecting to it or preparing its tables. */
export function openingError(error: unknown, place: LedgerPlace): TenhertzError {
  if (error instanceof TenhertzError && error.code !== 'LEDGER_REFUSED') return error;
  const origin = error instanceof TenhertzError ? error.cause : error;
  const sqlState = sqlStateOf(origin);
  const said = messageOf(origin);
  const who = place.user === undefined ? 'this user' : `user ${place.user}`;
  const which = place.database === undefined ? 'the database' : `database ${place.database}`;
  const wrong = (code: string, reason: string, advice: string): TenhertzError =>
    ledgerError(code, reason, place, { exitCode: 3, advice, sqlState, cause: origin });
  switch (sqlState) {
    case '28P01':
      return wrong(
        'LEDGER_PASSWORD',
        `it refused the password of ${who}`,
        'Correct the address after --postgres, or DATABASE_URL',
      );
    case '28000':
      return wrong(
        'LEDGER_PASSWORD',
        `it does not let ${who} in (${said})`,
        'Name another user, or allow this one',
      );
    case '3D000':
      return wrong(
        'LEDGER_NO_DATABASE',
        `${which} does not exist`,
        `Make it with: createdb ${place.database ?? 'tenhertz'}${place.user === undefined ? '' : ` --owner ${place.user}`}, or name another`,
      );
    case '42501':
      return wrong(
        'LEDGER_NO_RIGHTS',
        `${who} may not set up its tables (${said})`,
        `Make ${who} the owner of ${which}`,
      );
    case '42P07':
    case '42710':
      return wrong(
        'LEDGER_NOT_OURS',
        `${which} holds something of another program (${said})`,
        'Use a database of its own for Tenhertz',
      );
    default:
  }
  if (said === 'The server does not support SSL connections') {
    return wrong(
      'LEDGER_TLS',
      'it does not speak TLS',
      'Take sslmode out of the address, or turn ssl on at the server',
    );
  }
  const code = codeOf(origin);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO/.test(code)) {
    return wrong(
      'LEDGER_TLS',
      `its certificate is not trusted (${code})`,
      'Name the authority with ?sslmode=verify-full&sslrootcert=/path in the address',
    );
  }
  if (/password must be a (non-empty )?string/.test(said)) {
    return wrong('LEDGER_PASSWORD', 'it asks for a password', 'Put one into the address after --postgres');
  }
  return statementError(origin, place);
}

/** The server's disk is full. */
export function diskFull(place: LedgerPlace, cause?: unknown): TenhertzError {
  return ledgerError('LEDGER_FULL', 'the disk of its server is full', place, {
    exitCode: 4,
    advice: 'Make room there; what waits is then recorded by itself',
    sqlState: '53100',
    cause,
  });
}

/** The server's code of an error; `undefined` when the error is not the server's. */
export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof TenhertzError) {
    const { sqlState } = error.facts;
    return typeof sqlState === 'string' ? sqlState : undefined;
  }
  const code = codeOf(error);
  return /^[0-9A-Z]{5}$/.test(code) && error instanceof Error && 'severity' in error ? code : undefined;
}

/** Connection lost (08), out of something (53), ended by its operator (57), collisions (40), locks (55P03), a standby (25006). */
function isPassing(sqlState: string): boolean {
  return /^(08|53|57|58|40)/.test(sqlState) || sqlState === '55P03' || sqlState === '25006';
}

function passing(sqlState: string, said: string): string {
  if (sqlState === '53300') return 'it has no connection left (raise max_connections, or end other programs)';
  if (sqlState === '57P03') return 'it is starting up or shutting down';
  if (sqlState === '57P01' || sqlState === '57P02') return 'it was stopped';
  if (sqlState === '57014') return 'a statement took too long and was ended';
  if (sqlState === '25006') return 'it is a read-only copy; name the primary server';
  return said;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOENT: 'its socket does not exist',
  EACCES: 'this user may not open its socket',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** An error of the connection, from its code where there is one. */
function inPlainWords(error: unknown): string {
  const words = WORDS[codeOf(error)];
  if (words !== undefined) return words;
  const said = messageOf(error);
  if (/connection timeout|timeout expired/.test(said)) return 'it did not answer in time';
  if (said.startsWith('timeout exceeded')) return 'all connections to it were busy for too long';
  if (/^Connection terminated|not queryable|connection error/.test(said)) return 'it closed the connection';
  return said;
}

/** The code of an error, or of the first of several (a host name with two addresses). */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}
