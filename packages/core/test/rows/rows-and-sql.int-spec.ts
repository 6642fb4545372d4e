import { Column, Entity, type EntityManager, PrimaryColumn, QueryFailedError } from 'typeorm';
import type { PreparedStatements } from '../../src/databases/prepared-statements.js';
import { DomainEvent, type EventContext } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { BatchFailure, HandlerFailure } from '../../src/subscriptions/runners/handler-failure.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables, STATEMENTS_OF } from './projected-tables.js';

@DomainEvent('rows.counted')
class Counted {
  declare readonly type: 'rows.counted';
  constructor(readonly id = '') {}
}

@Entity('named')
class Named {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  name: string;
}

@Entity('notes')
class Note {
  @PrimaryColumn('text')
  id: string;
}

const STATEMENTS = [
  'create table notes (id text primary key not null)',
  `create table named (id text primary key not null, name text not null unique, seen integer not null default 0)`,
  `create table parts (id text primary key not null, named text references named (id) on delete cascade)`,
];

describe.each(DATABASE_KINDS)('rows and SQL by hand in one batch on %s', (kind) => {
  const rows = new ReadModel(Named);
  let tables: ProjectedTables;

  const named = (id: string, name: string): Named => Object.assign(new Named(), { id, name });
  /** Handles one event for each piece of work, in one batch. */
  const handle = (...works: (() => Promise<void> | void)[]): Promise<number> => {
    const events = works.map(() => tables.recorded(new Counted()));
    const first = events[0]!.position;
    return tables.project(events, (_, { position }: EventContext) => works[position - first]!());
  };
  const stored = async (): Promise<string[]> =>
    (await tables.rows<Named & { seen: number }>('select * from named order by id')).map(
      (row) => `${row.id} ${row.name} ${row.seen}`,
    );
  const see = (manager: EntityManager): Promise<unknown> => manager.query('update named set seen = seen + 1');

  beforeAll(async () => {
    tables = await ProjectedTables.open(kind, [Named, Note], STATEMENTS, Counted);
  });

  beforeEach(async () => {
    await tables.views.write.statement('delete from named', []);
    await handle(() => ['a', 'b', 'c'].forEach((id) => rows.save(named(id, id))));
  });

  afterAll(() => tables.close());

  it('keeps a row that is saved while the rows are being written', async () => {
    let saved = 0;
    await handle(async () => {
      rows.save(named('a', 'x'));
      const writing = { isDone: false };
      const write = async (): Promise<void> => {
        await rows.manager();
        writing.isDone = true;
      };
      const written = write();
      while (!writing.isDone) {
        rows.save(named(`n${saved}`, `n${saved}`));
        // On SQLite there is no turn of the event loop between the statements.
        await (++saved % 8 ? undefined : new Promise(setImmediate));
      }
      await written;
    });
    expect(await stored()).toHaveLength(3 + saved);
  });

  it('writes rows once when several parts of a handler request the transaction', async () => {
    await handle(async () => {
      ['a', 'b', 'c'].forEach((id) => rows.save(named(id, `${id}1`)));
      const managers = await Promise.all([rows.manager(), rows.manager(), rows.manager()]);
      await see(managers[0]);
    });
    expect(await stored()).toEqual(['a a1 1', 'b b1 1', 'c c1 1']);
  });

  it('loads single rows after SQL, not those of the whole batch again', async () => {
    const events = ['a', 'b', 'c'].map((id) => tables.recorded(new Counted(id)));
    const asked: number[] = [];
    await tables.project(
      events,
      async (event) => {
        await rows.manager();
        const run = jest.spyOn(STATEMENTS_OF[kind].prototype, 'run');
        await rows.get((event as Counted).id);
        asked.push(run.mock.calls[0]![1].flat().length);
        run.mockRestore();
      },
      { key: (event) => (event as Counted).id },
    );
    expect(asked).toEqual([1, 1, 1]);
  });

  it('runs one statement at a time on the connection of the transaction, however many ask for rows at once', async () => {
    const notes = new ReadModel(Note);
    let running = 0;
    const together: number[] = [];
    await handle(async () => {
      await rows.manager();
      const run: PreparedStatements['run'] = Reflect.get(STATEMENTS_OF[kind].prototype, 'run');
      const counted = jest.spyOn(STATEMENTS_OF[kind].prototype, 'run').mockImplementation(async function (
        this: PreparedStatements,
        ...statement
      ) {
        together.push(++running);
        try {
          return await Reflect.apply(run, this, statement);
        } finally {
          running -= 1;
        }
      });
      const later = Promise.resolve().then(() => Promise.resolve());
      rows.save(named('d', 'd'));
      await Promise.all([
        rows.get('a'),
        notes.get('n'),
        later.then(() => rows.get('b')),
        rows.manager(),
        later.then(() => notes.get('m')),
        new Promise(setImmediate).then(() => rows.get('c')),
      ]);
      counted.mockRestore();
    });
    expect(together.length).toBeGreaterThan(4);
    expect(Math.max(...together)).toBe(1);
    expect(await stored()).toEqual(['a a 0', 'b b 0', 'c c 0', 'd d 0']);
  });

  it('reads and writes nothing more when rows could not be written', async () => {
    const failures: unknown[] = [];
    const failed = (work: () => Promise<unknown>): Promise<unknown> =>
      work().catch((error: unknown) => failures.push(error));
    const batch = handle(async () => {
      rows.save(named('a', 'b'));
      await Promise.all([failed(() => rows.manager()), failed(() => rows.get('b'))]);
      await failed(() => rows.get('c'));
      await failed(() => rows.manager());
    });
    await expect(batch).rejects.toBeInstanceOf(HandlerFailure);
    expect(failures).toHaveLength(4);
    expect(failures[0]).toBeInstanceOf(QueryFailedError);
    expect(new Set(failures).size).toBe(1);
    expect(await stored()).toEqual(['a a 0', 'b b 0', 'c c 0']);
  });

  it('keeps columns that the entity does not have, however many rows are saved together', async () => {
    await handle(async () => void (await see(await rows.manager())));
    await handle(
      () => rows.save(named('a', 'x')),
      () => rows.save(named('b', 'y')),
    );
    expect(await stored()).toEqual(['a x 1', 'b y 1', 'c c 1']);
  });

  it('does not delete and reinsert a row, which would delete its dependents', async () => {
    await tables.views.write.statement(`insert into parts values ('p', 'a')`, []);
    await handle(
      () => rows.save(named('a', 'x')),
      () => rows.save(named('b', 'y')),
    );
    expect(await tables.rows('select * from parts')).toHaveLength(1);
    const swap = handle(
      () => rows.save(named('c', 'z')),
      () => rows.save(named('a', 'c')),
      () => rows.save(named('c', 'x')),
    );
    await expect(swap).rejects.toBeInstanceOf(BatchFailure);
    expect(await tables.rows('select * from parts')).toHaveLength(1);
  });
});
