import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { PGBOUNCER, Pooler } from '../support/pooler.js';
import { closeConnectionsTo } from '../support/side-connections.js';
import { describeIf } from '../support/skipping.js';
import { openLog } from './open-log.js';

describeIf(PGBOUNCER, 'pgbouncer is not installed.')('a log behind PgBouncer', () => {
  let database: TestDatabase;
  let pooler: Pooler;

  const start = async (...settings: string[]): Promise<void> => {
    database = await createTestDatabase('postgres');
    pooler = await Pooler.start(database.url, database.folder, settings);
  };

  afterEach(async () => {
    await closeConnectionsTo(pooler.url);
    await pooler.stop();
    await database.drop();
  });

  it.each([
    ['one session', ['pool_mode = transaction', 'default_pool_size = 1']],
    ['several', ['pool_mode = transaction', 'default_pool_size = 5']],
    [
      'several in turn',
      ['pool_mode = transaction', 'default_pool_size = 5', 'server_round_robin = 1', 'min_pool_size = 5'],
    ],
    ['statement by statement', ['pool_mode = statement']],
  ])('is refused at once when it shares sessions: %s', async (_what, settings) => {
    await start(...settings);

    await expect(openLog(pooler.url)).rejects.toMatchObject({
      name: 'DatabaseUnusableError',
      message: expect.stringMatching(
        /PgBouncer.*Name the server itself in the URL, or .*pool_mode = session/,
      ) as string,
    });
  });

  it('works in session mode, with read-only queries', async () => {
    await start('pool_mode = session');

    const node = await openLog(pooler.url);
    const made = times(5, (n) => ({
      stream: `sample-${n}`,
      expected: 'no-stream' as const,
      events: [{ type: 'samples.made', data: {} }],
    }));
    await Promise.all(made.map((append) => node.log.append([append])));

    expect(await node.log.head()).toBe(5);
    await expect(node.database.read.query('create table written (id integer)')).rejects.toThrow(
      /read-only transaction/,
    );
    await node.close();
  });
});
