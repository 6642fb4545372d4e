import type { EventQuery } from '../../src/events/event-query.js';
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

  it('find the last event of each item with one statement', async () => {
    const of = (value: string) => ({ name: 'pupil', value });
    const append = async (type: string, ...pupils: string[]) => {
      const { position } = await open.log.append([
        { stream: 'pupil-1', expected: 'any', events: [{ type, data: {}, tags: pupils.map(of) }] },
      ]);
      return position;
    };
    const first = await append('pupils.came', 'ann', 'bob');
    const ofAnn = await append('pupils.left', 'ann');
    const ofNobody = await append('pupils.left');
    await open.log.frontier();
    const lastOf = async (items: EventQuery['items'], upTo = ofNobody) => {
      let found: number[] | undefined;
      const statements = await statementsOf(open, async () => {
        found = (await open.log.readLastOfEach({ items }, upTo)).map(({ position }) => position);
      });
      expect(statements).toHaveLength(1);
      return found;
    };

    expect(await lastOf([{ tags: [of('ann')] }, { tags: [of('bob')] }])).toEqual([first, ofAnn]);
    expect(await lastOf([{ tags: [of('ann')] }, { tags: [of('bob')] }], first)).toEqual([first]);
    expect(await lastOf([{ tags: [of('ann')], types: ['pupils.came'] }, { tags: [of('carl')] }])).toEqual([first]);
    expect(await lastOf([{ types: ['pupils.came', 'pupils.left'] }, { tags: [of('bob')] }])).toEqual([first, ofNobody]);
    expect(await lastOf([{ types: ['pupils.stayed', 'pupils.slept'] }, {}])).toEqual([ofNobody]);
  });
});
