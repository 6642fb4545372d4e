import type { DataSource } from 'typeorm';
import { refuseSharedSessions, SharedSessionsError } from './refuse-shared-sessions.js';

/** Two pools with a connection each, of which each statement gets the session that `sessionFor` names. */
function pools(sessionFor: (connection: number, statement: number) => number): [DataSource, DataSource] {
  let statements = 0;
  const pool = (connection: number) => ({
    createQueryRunner: () => ({
      connect: async () => undefined,
      release: async () => undefined,
      query: async () => [{ pid: sessionFor(connection, statements++) }],
    }),
  });
  return [pool(0), pool(1)] as unknown as [DataSource, DataSource];
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds a pooler that gives %i sessions in turn', async (sessions) => {
  const shared = pools((_, statement) => statement % sessions);

  await expect(refuseSharedSessions(...shared)).rejects.toThrow(SharedSessionsError);
});

it('accepts connections that keep their sessions', async () => {
  await expect(refuseSharedSessions(...pools((connection) => connection))).resolves.toBeUndefined();
});
