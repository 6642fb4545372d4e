import { select } from '../../src/databases/execute.js';
import { merged, rowsOf, type LookUpRow } from '../../src/event-log/look-ups/packed-postings.js';
import { PostingWalk } from '../../src/event-log/look-ups/posting-walk.js';
import { CHUNK } from '../../src/event-log/look-ups/postings.js';
import type { LogQueries } from '../../src/event-log/log-queries.js';
import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { type OpenLog, openLog } from './open-log.js';

/** More than one run of the highest level. */
const CHUNKS = 4_096 + 64 + 40;
/** In one event of each chunk, so it is packed. */
const RARE = 7 * 2 ** 40;
/** In four events of each chunk. In every 700th chunk one of them has the rare value, too. */
const FREQUENT = 9 * 2 ** 40;
/** In one event of all. */
const LONE = 11 * 2 ** 40;
const LONE_AT = 2_000 * CHUNK + 10;
const BOTH = times(CHUNKS, (chunk) => chunk)
  .filter((chunk) => chunk % 700 === 0)
  .map((chunk) => chunk * CHUNK + 6);

/** The rows of these chunks as they are after all merges. */
function storedRows(): LookUpRow[] {
  const rows = times(CHUNKS, (chunk) => {
    const others = chunk % 700 === 0 ? [1, 2, 3, 5] : [1, 2, 3, 4];
    const lone = LONE_AT > chunk * CHUNK && LONE_AT <= (chunk + 1) * CHUNK ? [[LONE, [LONE_AT - chunk * CHUNK - 1]] as const] : []; // prettier-ignore
    return rowsOf(chunk, new Map<number, readonly number[]>([[RARE, [5]], [FREQUENT, others], ...lone])); // prettier-ignore
  }).flat();
  const packed = rows.filter(({ key }) => key < 0);
  const merge = (level: number, lower: readonly LookUpRow[], before: number): LookUpRow[] => [
    ...[...merged(level, lower.filter(({ chunk }) => chunk < before)).values()].flat(), // prettier-ignore
    ...lower.filter(({ chunk }) => chunk >= before),
  ];
  const middle = merge(0, packed, 4_096 + 64);
  return [...rows.filter(({ key }) => key >= 0), ...merge(1, middle, 4_096)];
}

describe.each(DATABASE_KINDS)(`a walk along ${CHUNKS} chunks on %s`, (kind) => {
  let database: TestDatabase;
  let node: OpenLog;
  /** How many rows each statement has read, and how many characters. */
  let read: number[];
  let characters: number[];

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await openLog(database.url);
    const rows = storedRows();
    for (let at = 0; at < rows.length; at += 1_000) {
      const values = rows.slice(at, at + 1_000).map(({ key, chunk, places }) => `(${key}, ${chunk}, '${places}')`);
      await runSql(database.url, `insert into leftfold_look_ups (key, chunk, places) values ${values.join(', ')}`);
    }
  });

  beforeEach(() => ([read, characters] = [[], []]));

  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const walk = async (criteria: number[][], backwards: boolean, range = { after: 0, upTo: CHUNKS * CHUNK }) => {
    const query = async <Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> => {
      const rows = await select<Row>(node.database.read, sql, parameters);
      read.push(rows.length);
      characters.push((rows as readonly LookUpRow[]).reduce((sum, { places }) => sum + places.length, 0));
      return rows;
    };
    const queries = { dialect: node.database.write.dialect, query } as LogQueries;
    const steps: number[][] = [];
    for await (const positions of new PostingWalk(queries, range, criteria, backwards)) steps.push(positions);
    return steps;
  };

  it.each([false, true])(
    'finds where a rare and a frequent value meet, a part of the chunks in each step, backwards: %p',
    async (backwards) => {
      const found = (await walk([[RARE], [FREQUENT]], backwards)).flat();
      expect(found).toEqual(backwards ? BOTH.toReversed() : BOTH);
      expect(Math.max(...read)).toBeLessThan(700);
    },
  );

  it.each([false, true])('finds a rare value in all chunks of a range, in order, backwards: %p', async (backwards) => {
    const steps = await walk([[RARE]], backwards, { after: 100 * CHUNK + 6, upTo: 4_150 * CHUNK + 6 });
    const all = times(4_050, (index) => (101 + index) * CHUNK + 6);
    expect(steps.flat()).toEqual(backwards ? all.toReversed() : all);
    expect(Math.max(...steps.map(({ length }) => length))).toBeLessThanOrEqual(512);
    expect(Math.max(...read)).toBeLessThan(200);
  });

  it('finds the last events of a value in each chunk in short rows', async () => {
    const [last] = await walk([[RARE]], true);
    expect(last).toEqual(times(CHUNKS - 4_096, (index) => (CHUNKS - 1 - index) * CHUNK + 6));
    // The row of the run of 4,096 chunks has 49,152.
    expect(characters[0]).toBeLessThan(3_000);
  });

  it.each([false, true])(
    'goes through all chunks in few steps for a value in one of them, backwards: %p',
    async (backwards) => {
      const steps = await walk([[LONE]], backwards);
      expect(steps.flat()).toEqual([LONE_AT]);
      expect(steps.length).toBeLessThanOrEqual(3);
    },
  );

  it('finds the last events of several values in few rows', async () => {
    const [last] = await walk([[FREQUENT, RARE]], true);
    const chunks = times(8, (index) => CHUNKS - 1 - index);
    expect(last).toEqual(chunks.flatMap((chunk) => [6, 5, 4, 3, 2].map((place) => chunk * CHUNK + place)));
    expect(read[0]! + read[1]!).toBeLessThan(30);
  });
});
