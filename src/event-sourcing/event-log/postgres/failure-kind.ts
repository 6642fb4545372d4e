import type { FailureKind } from '../typeorm-event-log.js';

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What a failed statement says of the append that it carried. */
export function failureKind(error: unknown): FailureKind {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && SQLSTATE.test(code)) return ofSqlState(code);
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return 'lost';
  // pg gives no code where the socket ended, or no connection came in time.
  return /connection|timeout exceeded|client was closed|QueryRunnerAlreadyReleased|not queryable/i.test(message)
    ? 'lost'
    : 'fault';
}

function ofSqlState(code: string): FailureKind {
  if (code === '23505') return 'duplicate';
  // Connection exceptions, shutdown and crash of the server, too many connections, a server that starts up.
  if (code.startsWith('08') || code.startsWith('57P') || code === '53300') return 'lost';
  // Cancelled by a timeout, out of resources, deadlock or serialization, a standby: rolled back.
  if (code.startsWith('57') || code.startsWith('53') || code.startsWith('40') || code.startsWith('55'))
    return 'unavailable';
  return code === '25006' ? 'unavailable' : 'fault';
}
