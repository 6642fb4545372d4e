import type { DataSource } from 'typeorm';
import { refuseSharedSessions, SharedSessionsError } from './refuse-shared-sessions.js';

/** Two pools with a connection each, and how many statements they have got. */
class Pools {
  statements = 0;

  /**
   * @param sessionFor the session that a statement gets
   * @param toldTo the session that a connection is told of when it is opened
   */
  constructor(
    private readonly sessionFor: (connection: number, statement: number) => number,
    private readonly toldTo: (connection: number) => number = () => 4_711,
  ) {}

  check(): Promise<void> {
    return refuseSharedSessions(this.pool(0), this.pool(1));
  }

  private pool(connection: number): DataSource {
    const runner = {
      connect: async () => ({ processID: this.toldTo(connection) }),
      release: async () => undefined,
      query: async () => [{ pid: this.sessionFor(connection, this.statements++) }],
    };
    return { createQueryRunner: () => runner } as unknown as DataSource;
  }
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds a pooler that gives %i sessions in turn', async (sessions) => {
  const shared = new Pools((_, statement) => statement % sessions);

  await expect(shared.check()).rejects.toThrow(SharedSessionsError);
});

it('finds one that tells each connection the session that its first statement gets', async () => {
  const shared = new Pools(
    (_, statement) => statement % 2,
    (connection) => connection,
  );

  await expect(shared.check()).rejects.toThrow(SharedSessionsError);
});

it('accepts a pooler that keeps the sessions of connections', async () => {
  const kept = new Pools((connection) => connection);

  await expect(kept.check()).resolves.toBeUndefined();
  expect(kept.statements).toBe(9);
});

it('asks a server without a pooler once', async () => {
  const direct = new Pools(
    (connection) => connection,
    (connection) => connection,
  );

  await expect(direct.check()).resolves.toBeUndefined();
  expect(direct.statements).toBe(3);
});
