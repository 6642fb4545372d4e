import type { EventFilter } from '../../src/event-log/event-filter.js';
import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { type OpenLog, openLog } from './open-log.js';

const LIMIT = 500;
const HEAD = 5_000;
const [COMMON, RARE] = ['samples.common', 'samples.rare'];

/** Most events are common at first, then few, then most again. */
const TYPES = times(HEAD, (index) => {
  const isOften = index < 2_000 || index >= 3_500;
  return (index % 7 === 0) === isOften ? RARE : COMMON;
});

const positionsOf = (types: readonly string[]): number[] =>
  TYPES.flatMap((type, index) => (types.includes(type) ? [index + 1] : []));

describe.each(DATABASE_KINDS)('slices of a subscription that catches up on %s', (kind) => {
  let database: TestDatabase;
  let writer: OpenLog;
  let reader: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    writer = await openLog(database.url);
    reader = await openLog(database.url);
    await append(TYPES.slice(0, 4_000));
    // This one knows a head that is not the head any more.
    await reader.log.head();
    await append(TYPES.slice(4_000));
  });

  afterAll(async () => {
    await reader?.close();
    await writer?.close();
    await database.drop();
  });

  async function append(types: readonly string[]): Promise<void> {
    const first = await writer.log.head();
    const events = types.map((type) => ({ type, data: {} }));
    await writer.log.append([{ stream: `sample-${first}`, expected: 'no-stream', events }]);
  }

  /** All slices to the head, and how full they were. */
  async function read({ log }: OpenLog, filter: EventFilter, upTo?: number) {
    const positions: number[] = [];
    const sizes: number[] = [];
    for (let after = 0; ;) {
      const slice = await log.readAll({ after, limit: LIMIT, ...filter, ...(upTo !== undefined && { upTo }) });
      positions.push(...slice.events.map(({ position }) => position));
      sizes.push(slice.events.length);
      after = slice.upTo;
      if (slice.events.length < LIMIT) return { positions, sizes, upTo: slice.upTo };
    }
  }

  it.each<[string, string[]]>([
    ['one type that is dense in parts', [COMMON]],
    ['another one that is dense where the first is not', [RARE]],
    ['all types', [COMMON, RARE]],
  ])('have each event once, in order: %s', async (_, types) => {
    const expected = positionsOf(types);
    for (const node of [reader, writer]) {
      const { positions, sizes, upTo } = await read(node, { types });
      expect(positions).toEqual(expected);
      expect(sizes.slice(0, -1)).toEqual(times(Math.floor(expected.length / LIMIT), () => LIMIT));
      expect(upTo).toBe(HEAD);
    }
  });

  it('end at the position that is asked for', async () => {
    const { positions, upTo } = await read(writer, { types: [COMMON] }, 1_900);
    expect(positions).toEqual(positionsOf([COMMON]).filter((position) => position <= 1_900));
    expect(upTo).toBe(1_900);
  });

  it('have nothing that another criterion excludes', async () => {
    await read(writer, { types: [COMMON] });
    expect((await read(writer, { types: [COMMON], actor: 'nobody' })).positions).toEqual([]);
  });
});
