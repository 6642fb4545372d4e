import type { QueryRunner } from 'typeorm';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { useCounterTables, TABLES } from './counter-tables.js';

const ROWS = 200;
const SWAPS = 15;
const READERS = 4;
const ALL_ROWS = `select (select count(*) from counter_view) as counters, (select min(value) from counter_view) as lowest,
  (select max(value) from counter_view) as highest, (select count(*) from counter_tags) as tags,
  (select max(ordinal) from counter_tags) as ordinal`;

interface Seen {
  counters: number | string;
  lowest: number;
  highest: number;
  tags: number | string;
  ordinal: number;
}

describe.each(DATABASE_KINDS)('readers during swaps on %s', (kind) => {
  const shadows = shadowTablesFor(kind);
  const tables = useCounterTables(kind);

  beforeAll(async () => {
    if (kind === 'sqlite') letOthersRun(tables.views.write.dataSource.createQueryRunner());
  });

  it('see the rows from before or after a swap, for all tables together, and never an error', async () => {
    const reading = { ended: false };
    await fill(0);
    await swap();
    const seen = Array.from({ length: READERS }, (): number[] => []);
    // Its error is reported below, after the swaps.
    const readers = Promise.all(seen.map((each) => read(each, () => reading.ended))).finally(
      () => (reading.ended = true),
    );
    readers.catch(() => undefined);

    let version = 0;
    // A reader may be slow to begin.
    while (!reading.ended && (version < SWAPS || seen.some((each) => new Set(each).size <= 2))) {
      await fill(++version);
      await swap();
    }
    reading.ended = true;

    await readers;
    for (const each of seen) expect(each).toEqual(each.toSorted((one, other) => one - other));
    expect((await look()).lowest).toBe(version);
  });

  /** @param seen gets the versions that it sees, in order */
  async function read(seen: number[], ended: () => boolean): Promise<void> {
    do {
      const { counters, lowest, highest, tags, ordinal } = await look();
      expect([Number(counters), Number(tags)]).toEqual([ROWS, ROWS]);
      expect([highest, ordinal]).toEqual([lowest, lowest]);
      seen.push(lowest);
      await othersRan();
    } while (!ended());
  }

  async function look(): Promise<Seen> {
    const [seen] = await tables.views.read.query<Seen[]>(ALL_ROWS);
    return seen!;
  }

  /** Fills shadow tables with rows that all have the number of their version. */
  async function fill(version: number): Promise<void> {
    const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})`;
    await tables.views.write.transaction((manager) => shadows.create(manager, TABLES));
    await tables.views.write.transaction(async (manager) => {
      await manager.query(
        `insert into rebuild_counter_view (id, value, label) ${numbers} select 'c' || n, ${version}, 'l' || n from numbers`,
      );
      await manager.query(`insert into rebuild_counter_tags ${numbers} select 'c' || n, ${version} from numbers`);
    });
  }

  /** On PostgreSQL it may give up because of a slow reader, and is retried. */
  async function swap(): Promise<void> {
    for (;;) {
      try {
        return await tables.views.write.transaction((manager) => shadows.swap(manager, TABLES));
      } catch (error) {
        if ((error as { code?: string }).code !== '55P03') throw error;
      }
    }
  }
});

/** SQLite answers synchronously: without a pause between the statements, no reader would run during a swap. */
function letOthersRun(runner: QueryRunner): void {
  const query = runner.query.bind(runner) as (...all: unknown[]) => Promise<unknown>;
  Object.assign(runner, {
    query: async (...all: unknown[]) => {
      await othersRan();
      return query(...all);
    },
  });
}

function othersRan(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
