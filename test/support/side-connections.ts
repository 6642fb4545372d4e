import pg from 'pg';

const pools = new Map<string, pg.Pool>();

/**
 * Connections of the tests' own to a PostgreSQL database. They stay open while they are used often, because the server spends
 * more on a new connection than on most statements, and don't keep the process from ending.
 */
export function connectionsTo(url: string): pg.Pool {
  const known = pools.get(url);
  if (known) return known;
  const pool = new pg.Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
  // One that the server ends while it is idle is replaced by the pool.
  pool.on('error', () => undefined);
  pools.set(url, pool);
  return pool;
}

/** Before a database goes away, or is copied. */
export async function closeConnectionsTo(url: string): Promise<void> {
  const pool = pools.get(url);
  pools.delete(url);
  await pool?.end();
}
