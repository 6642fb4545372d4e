import type { DataSource, QueryRunner } from 'typeorm';

/** A pool that hands its sessions out in turn shows it by then. */
const ROUNDS = 4;

/** A pooler gives a session of the server to one transaction after the other, for all clients alike. */
export class SharedSessionsError extends Error {
  constructor() {
    super('A pooler shares the sessions of the server between connections.');
    this.name = 'SharedSessionsError';
  }
}

/**
 * Advisory locks, LISTEN and settings belong to a session. Behind PgBouncer in transaction mode two connections have the same
 * one in turn, and each of them several.
 * @param postgres open
 * @throws SharedSessionsError
 */
export async function refuseSharedSessions(postgres: DataSource): Promise<void> {
  const [one, other] = [postgres.createQueryRunner(), postgres.createQueryRunner()];
  try {
    // Both stay connected to the end, so no server would give one session to both.
    await one.connect();
    await other.connect();
    const [ones, others] = [new Set<number>(), new Set<number>()];
    for (let round = 0; round < ROUNDS; round++) {
      ones.add(await sessionOf(one));
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
