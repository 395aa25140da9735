/**
 * What is done about an error that says less of what was asked than of who was asked. `again`: the transaction runs again, if it can.
 * `later`: the caller comes again (503). `room`: the same, and who looks whether we are ready hears it until a write is taken again.
 * `elsewhere`: the same as `later`, and no connection to that server is used again.
 */
export type Remedy = 'again' | 'later' | 'room' | 'elsewhere';

/** By the driver's code, or by its number where the driver has no name for it. */
const TABLE: [Remedy, string[]][] = [
  // two transactions met, here or on two nodes of a cluster, and the database undid one of them: trying again is what its manual advises
  ['again', ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', 'ER_QUERY_INTERRUPTED', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT']],
  // no way there
  [
    'later',
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ],
  ['later', ['POOL_BUSY', 'PROTOCOL_SEQUENCE_TIMEOUT']], // ours, of a pool that is taken; mysql2's, of a server that says nothing
  ['later', ['PROTOCOL_CONNECTION_LOST', 'POOL_CLOSED', 'POOL_NOEXIST', 'POOL_NONEONLINE', '2003', '9001']], // MaxScale, ProxySQL
  // no way in: too many are, or a password or a server is being changed
  ['later', ['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_USER_LIMIT_REACHED', 'ER_CANT_CREATE_THREAD']],
  ['later', ['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_BAD_DB_ERROR']],
  ['later', ['ER_HOST_IS_BLOCKED', 'ER_HOST_NOT_PRIVILEGED']],
  // no room, or no time
  ['later', ['ER_OUTOFMEMORY', 'ER_OUT_OF_RESOURCES', 'ER_LOCK_TABLE_FULL', 'ER_TOO_MANY_CONCURRENT_TRXS']],
  ['later', ['ER_LOCK_WAIT_TIMEOUT', 'ER_QUERY_TIMEOUT', '1969']], // MariaDB's own, of a statement that took too long
  ['later', ['SQLITE_BUSY', 'SQLITE_CANTOPEN', 'SQLITE_NOMEM']],
  // no room on its disk, or no right to it
  ['room', ['ER_DISK_FULL', 'ER_RECORD_FILE_FULL', 'ER_ERROR_ON_WRITE', 'ER_GET_ERRNO', 'ER_CANT_CREATE_FILE']],
  ['room', ['EE_WRITE', 'EE_DISK_FULL', 'ER_TEMP_FILE_WRITE_FAILURE', 'ER_BINLOG_LOGGING_IMPOSSIBLE']],
  ['room', ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY']],
  // a standby by now
  ['elsewhere', ['ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION']],
  ['elsewhere', ['ER_READ_ONLY_MODE', 'ER_INNODB_READ_ONLY']],
  // a node of a cluster that has no quorum, or whose group has left it
  ['elsewhere', ['ER_UNKNOWN_COM_ERROR', 'ER_ERROR_DURING_COMMIT', 'ER_RUN_HOOK_ERROR']],
  ['elsewhere', ['ER_GRP_TRX_CONSISTENCY_NOT_ALLOWED', 'ER_GRP_TRX_CONSISTENCY_BEFORE']],
  // a server that ends, or a connection
  ['elsewhere', ['ER_SERVER_SHUTDOWN', 'ER_NORMAL_SHUTDOWN', 'ER_SHUTDOWN_COMPLETE']],
  ['elsewhere', ['ER_ABORTING_CONNECTION', 'ER_NEW_ABORTING_CONNECTION', 'ER_SESSION_WAS_KILLED', '1927']], // MariaDB's own
  ['elsewhere', ['ER_NET_READ_ERROR', 'ER_NET_READ_INTERRUPTED', 'ER_NET_ERROR_ON_WRITE', 'ER_NET_WRITE_INTERRUPTED']],
  ['elsewhere', ['ER_CLIENT_INTERACTION_TIMEOUT', 'ER_UNKNOWN_STMT_HANDLER', '2006', '2013']], // a proxy changed servers behind us
];

const REMEDIES = new Map(TABLE.flatMap(([remedy, codes]) => codes.map((code) => [code, remedy] as const)));

/** What drivers say without a code while a connection, or all of them, come to their end; and we, of the embedded engine's writer. */
const ENDING =
  /Waited \d+ ms for the writer|Pool is closed|Connection is closed|in closed state|connection is not open|not established|after fatal error|DataSource is not/;

/** Undefined for an error that is about what was asked. */
export function remedyFor(error: unknown): Remedy | undefined {
  const { message = '' } = (error ?? {}) as { message?: string };
  return REMEDIES.get(nameOf(error)) ?? (ENDING.test(message) ? 'later' : undefined);
}

/** What an error is called here: SQLITE_IOERR_WRITE is a SQLITE_IOERR. */
export function nameOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  return String(code ?? errno ?? 'none').replace(/^(SQLITE_[A-Z]+)_.*/, '$1');
}
