import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { type OpenLog, openLog } from './open-log.js';
import { statementsOf } from './query-plans.js';

describe.each(DATABASE_KINDS)('reads of tagged events up to a position on %s', (kind) => {
  let database: TestDatabase;
  let open: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    open = await openLog(database.url);
  });

  afterAll(async () => {
    await open?.close();
    await database?.drop();
  });

  const QUERY = { tags: [{ name: 'course', value: 'maths' }] };

  it('look for the end of the log only where it is not known to be so far', async () => {
    const append = (stream: string) =>
      open.log.append([{ stream, expected: 0, events: [{ type: 'samples.tagged', data: {}, tags: QUERY.tags }] }]);
    await append('sample-1');
    const frontier = await open.log.frontier();
    await append('sample-2');

    const read = async (upTo: number) => {
      const tagged = open.log.readTagged(QUERY, { upTo });
      const streams: string[] = [];
      for await (const { stream } of tagged) streams.push(stream);
      return { streams, searchedTo: tagged.searchedTo };
    };
    const counted = async (upTo: number) => {
      let found: Awaited<ReturnType<typeof read>> | undefined;
      const statements = await statementsOf(open, async () => (found = await read(upTo)));
      return { ...found, statements: statements.length };
    };

    expect(await counted(frontier.position)).toEqual({ streams: ['sample-1'], searchedTo: 1, statements: 1 });
    expect(await counted(100)).toEqual({ streams: ['sample-1', 'sample-2'], searchedTo: 2, statements: 2 });
  });
});
