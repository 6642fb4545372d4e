import pg from 'pg';

const pools = new Map<string, pg.Pool>();

/**
 * Connections of the tests to a PostgreSQL database. They stay open while they are used often, because the server spends
 * more on a new connection than on most statements. They don't keep the process from ending.
 */
export function connectionsTo(url: string): pg.Pool {
  const known = pools.get(url);
  if (known) return known;
  const pool = new pg.Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
  // The pool replaces a connection that the server ends while it is idle.
  pool.on('error', () => undefined);
  pools.set(url, pool);
  return pool;
}

/** Call it before a database is dropped or copied. */
export async function closeConnectionsTo(url: string): Promise<void> {
  const pool = pools.get(url);
  pools.delete(url);
  await pool?.end();
}
