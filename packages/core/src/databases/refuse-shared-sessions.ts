import type { DataSource, QueryRunner } from 'typeorm';

/** After this many rounds, a pooler that shares sessions is detected. */
const ROUNDS = 3;

/** The connection goes through a pooler that shares server sessions between clients, one transaction at a time. */
export class SharedSessionsError extends Error {
  constructor() {
    super('A pooler shares the sessions of the server between connections.');
    this.name = 'SharedSessionsError';
  }
}

/**
 * Advisory locks, LISTEN and settings belong to a session. Behind PgBouncer in transaction mode, two connections may
 * get the same session, and each may get several.
 * @param write open, as is `read`: pools of the same database and role, so a pooler has the same sessions for both
 * @throws SharedSessionsError
 */
export async function refuseSharedSessions(write: DataSource, read: DataSource): Promise<void> {
  const [one, other] = [write.createQueryRunner(), read.createQueryRunner()];
  try {
    // Both stay connected until the end, so without a pooler they can't have the same session.
    await one.connect();
    await other.connect();
    const [ones, others] = [new Set<number>(), new Set<number>()];
    for (let round = 0; round < ROUNDS; round++) {
      ones.add(await sessionOf(one));
      // Twice, because two sessions in turn would otherwise stay with one connection each.
      others.add(await sessionOf(other));
      others.add(await sessionOf(other));
    }
    if (ones.size > 1 || others.size > 1 || [...ones].some((session) => others.has(session)))
      throw new SharedSessionsError();
  } finally {
    await one.release();
    await other.release();
  }
}

async function sessionOf(runner: QueryRunner): Promise<number> {
  const [row] = (await runner.query('select pg_backend_pid() as pid')) as { pid: number }[];
  return row!.pid;
}
