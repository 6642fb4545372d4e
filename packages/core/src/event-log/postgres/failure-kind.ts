import type { FailureKind } from '../failure-kind.js';

/** SQLSTATE codes contain a digit; codes such as `EPIPE` do not. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/**
 * Messages of pg, its pool and TypeORM for errors without a code: the socket ended, no connection was available in
 * time, or an earlier statement of the transaction found the connection broken.
 */
const BROKEN =
  /^(Connection terminated|The connection gave no answer|timeout expired|timeout exceeded when trying to connect|Query runner already released)|query runner was already released|not queryable|connection is not yet established|pool after calling end/i;

/** How a failed statement affects the append that it carried. */
export function failureKind(error: unknown): FailureKind {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (isSqlState(code)) return ofSqlState(code);
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return 'lost';
  return BROKEN.test(message) ? 'lost' : 'fault';
}

/** Whether the code comes from the server; other codes come from the socket. */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && SQLSTATE.test(code);
}

/**
 * Whether the server confirms that the statement did nothing. After any other failure of a statement that was sent, the
 * outcome is unknown: the connection or the server may have failed after the commit.
 */
export function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // Connection exceptions, shutdown, and "statement completion unknown".
  return isSqlState(code) && !/^(08|57P|40003)/.test(code);
}

/** Cancelled by the statement timeout, either while waiting for the log's lock or while holding it. */
export function cancelledWhile(error: unknown): 'waiting' | 'working' | undefined {
  const { code, where } = error as { code?: unknown; where?: unknown };
  if (code !== '57014') return undefined;
  return typeof where === 'string' && where.includes('pg_advisory_xact_lock') ? 'waiting' : 'working';
}

function ofSqlState(code: string): FailureKind {
  if (code === '23505') return 'duplicate';
  // Connection exceptions, shutdown and crash of the server, too many connections, a server that is starting up, an
  // idle-in-transaction timeout.
  if (code.startsWith('08') || code.startsWith('57P') || code === '53300' || code === '25P03') return 'lost';
  // Cancelled by a timeout, out of resources, deadlock or serialization failure, a standby: rolled back.
  if (code.startsWith('57') || code.startsWith('53') || code.startsWith('40') || code.startsWith('55'))
    return 'unavailable';
  return code === '25006' ? 'unavailable' : 'fault';
}
