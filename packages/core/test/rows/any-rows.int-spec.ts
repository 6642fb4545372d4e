import { DataSource, type EntityManager, type ObjectLiteral } from 'typeorm';
import type { RecordedEvent } from '../../src/event-log/recorded-event.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { ReadModelRepository } from '../../src/read-models/read-model-repository.js';
import { KeptRows } from '../../src/read-models/kept-rows.js';
import type { BatchTables } from '../../src/read-models/read-model-batch.js';
import { compareTables } from '../../src/read-models/rebuild/compare-tables.js';
import { shadowDataSource } from '../../src/read-models/rebuild/shadow-data-source.js';
import { ShadowManager } from '../../src/read-models/rebuild/shadow-manager.js';
import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { LeaseLostError } from '../../src/subscriptions/states/lease.js';
import { seededRandom, seedOfRun } from '../../src/testing/random.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';
import { createTable, randomEntities, type RandomEntity } from './random-entity.js';
import { project, randomChange, RowsChanged } from './rows-changed.js';
import { keyFoundBy, type Rows, rowsByHand } from './rows-by-hand.js';

const EVENTS = 30;
/** The seed chooses one. */
const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata'];
const BY_HAND = 'hand_';

describe.each(DATABASE_KINDS)('any rows of a read model on %s', (kind) => {
  const seed = seedOfRun();
  const zone = process.env.TZ;
  const entities = randomEntities(kind, seededRandom(seed));
  let tables: ProjectedTables;
  let byHand: DataSource;
  let shadow: DataSource;

  beforeAll(async () => {
    process.env.TZ = ZONES[seed % ZONES.length]!;
    tables = await ProjectedTables.open(
      kind,
      entities.map(({ entity }) => entity),
      entities.flatMap((each) => [createTable(each), createTable(each, BY_HAND)]),
      RowsChanged,
    );
    const live = tables.views.write.dataSource;
    byHand = new DataSource({ ...live.options, entityPrefix: BY_HAND, migrations: [] });
    await byHand.initialize();
    shadow = await shadowDataSource(live);
  });

  afterAll(async () => {
    await byHand.destroy();
    await tables.close();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each(entities.map((each, index) => [each.description, each, index] as const))(
    `equal a plain fold of the events (TEST_SEED=${seed}), with the key %s`,
    async (_, random, index) => {
      const choose = seededRandom(seed + index);
      const events = randomEvents(random, choose);
      const expected = await foldByHand(random, events);

      expect(await foldInBatches(random, events, choose)).toEqual(expected);

      expect(await rowsOf(random.table)).toEqual(await rowsOf(BY_HAND + random.table));
      await expectFoundByKey(random);
      await rebuild(random, events, choose);
    },
  );

  function randomEvents(random: RandomEntity, choose: () => number): RecordedEvent[] {
    let once = 0;
    return Array.from({ length: EVENTS }, () => {
      const changes = Array.from({ length: 1 + Math.floor(choose() * 2) }, () => randomChange(random, choose, ++once));
      return tables.recorded(new RowsChanged(changes), `any-${Math.floor(choose() * 5)}`);
    });
  }

  async function foldByHand(random: RandomEntity, events: readonly RecordedEvent[]): Promise<unknown[]> {
    const seen: unknown[] = [];
    const rows = rowsByHand(byHand, random);
    for (const event of events) {
      seen.push(await project(rows, random, tables.serializer.eventsOf<RowsChanged>(event)[0]!));
    }
    return seen;
  }

  /**
   * Folds in batches of random sizes; some fail, and some lose their lease before they commit. Returns what was last
   * read.
   */
  async function foldInBatches(
    random: RandomEntity,
    events: readonly RecordedEvent[],
    choose: () => number,
    where: Partial<BatchTables> = {},
  ): Promise<unknown[]> {
    const first = events[0]!.position;
    const seen: unknown[] = [];
    const rows = new ReadModel(random.entity) as unknown as Rows;
    // So few that some are dropped. The table is empty, and is here as a whole until then.
    const kept = new KeptRows({ rows: 3, bytes: 10_000, asked: 1 });
    for (let done = 0, failures = 0; done < events.length;) {
      const batch = events.slice(done, done + 1 + Math.floor(choose() * 12));
      const mayFail = failures < 3;
      try {
        const reached = await tables.project(
          batch,
          async (event, { position }) => {
            seen[position - first] = await project(rows, random, event as RowsChanged);
            if (mayFail && choose() < 0.1) throw new LeaseLostError('any-rows');
          },
          {
            ending: () => choose() < 0.02,
            advance: tables.advanceWhen(() => !mayFail || choose() >= 0.2),
            tables: { entities: [random.entity], kept, ...where },
          },
        );
        done = reached - first + 1;
        failures = 0;
      } catch (error) {
        const cause = error instanceof LeaseLostError ? error : (error as Error).cause;
        if (!(cause instanceof LeaseLostError)) throw error;
        failures += 1;
      }
    }
    return seen;
  }

  /** The repository of a read model finds what TypeORM's own finds. */
  async function expectFoundByKey(random: RandomEntity): Promise<void> {
    const { manager } = tables.views.read;
    const byTypeOrm = manager.getRepository(random.entity);
    const repository = new ReadModelRepository(random.entity, manager);
    for (const row of await byTypeOrm.find()) {
      const key = keyFoundBy(random, row);
      expect(await repository.findOneBy(key)).toStrictEqual(await byTypeOrm.findOneBy(key));
    }
  }

  async function rebuild(random: RandomEntity, events: readonly RecordedEvent[], choose: () => number): Promise<void> {
    const { write, read } = tables.views;
    await write.transaction((manager) => shadowTablesFor(kind).create(manager, [random.table]));
    const runner = read.createQueryRunner();
    const guarded = (of: typeof runner): EntityManager => new ShadowManager(shadow, of, [random.table]);
    await foldInBatches(random, events, choose, {
      reads: guarded(runner),
      within: (manager) => guarded(manager.queryRunner!),
    });
    await runner.release();
    const comparison = await compareTables(read.manager, read.getMetadata(random.entity));
    expect(comparison).toMatchObject({ added: 0, removed: 0, changed: 0 });
  }

  async function rowsOf(table: string): Promise<ObjectLiteral[]> {
    const rows = await tables.rows<ObjectLiteral>(`select * from ${table}`);
    return rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
});
