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
 * get the same session, and each may get several. Without a pooler, the first round shows that.
 * @param write open, as is `read`: pools of the same database and role, so a pooler has the same sessions for both
 * @throws SharedSessionsError
 */
export async function refuseSharedSessions(write: DataSource, read: DataSource): Promise<void> {
  const [one, other] = [write.createQueryRunner(), read.createQueryRunner()];
  try {
    // Both stay connected until the end, so without a pooler they can't have the same session.
    const told = [await toldTo(one), await toldTo(other)];
    const [ones, others] = [new Set<number>(), new Set<number>()];
    for (let round = 0; round < ROUNDS; round++) {
      ones.add(await sessionOf(one));
      // Twice, because two sessions in turn would otherwise stay with one connection each.
      others.add(await sessionOf(other));
      others.add(await sessionOf(other));
      const all = [...ones, ...others];
      if (all.length > 2 || all[0] === all[1]) throw new SharedSessionsError();
      if (all.every((session, index) => session === told[index])) return;
    }
  } finally {
    await one.release();
    await other.release();
  }
}

async function sessionOf(runner: QueryRunner): Promise<number> {
  const [row] = (await runner.query('select pg_backend_pid() as pid')) as { pid: number }[];
  return row!.pid;
}

/**
 * The process of the server that a connection was told of when it was opened. A pooler that shares sessions can't know it
 * then, and makes up a number.
 */
async function toldTo(runner: QueryRunner): Promise<number | undefined> {
  const { processID } = (await runner.connect()) as { readonly processID?: number };
  return processID;
}
