import type { DataSource } from 'typeorm';
import { refuseSharedSessions, SharedSessionsError } from './refuse-shared-sessions.js';

/** Connections of which each statement gets the session that `sessionFor` names. */
function connections(sessionFor: (connection: number, statement: number) => number): DataSource {
  let [made, statements] = [0, 0];
  const createQueryRunner = () => {
    const connection = made++;
    return {
      connect: async () => undefined,
      release: async () => undefined,
      query: async () => [{ pid: sessionFor(connection, statements++) }],
    };
  };
  return { createQueryRunner } as unknown as DataSource;
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds a pooler that gives %i sessions in turn', async (sessions) => {
  const shared = connections((_, statement) => statement % sessions);

  await expect(refuseSharedSessions(shared)).rejects.toThrow(SharedSessionsError);
});

it('accepts connections that keep their sessions', async () => {
  await expect(refuseSharedSessions(connections((connection) => connection))).resolves.toBeUndefined();
});
