import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AggregateRepository, EventLog, PersonalData } from '../../src/index.js';
import { bootPersons, change, Person } from '../personal-data/person.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import { FORGETTING_KILL_POINTS, type ForgettingKillPoint } from './support/kill-points.js';

describe.each(DATABASE_KINDS)('a process that is killed while it forgets a person on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;
  const [ann, bob] = [uuidv7(), uuidv7()];

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await bootPersons(database, { runSubscriptions: false, snapshotEvery: 2 });
    await change(node, ann, (person) => person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' }));
    await change(node, ann, (person) => person.meet(bob, 'sold a boat', 'paid in silver'));
    await node.get(AggregateRepository).load(Person, ann);
    await eventually(async () => {
      if ((await snapshots()) === 0) throw new Error('The snapshot is not written yet.');
    });
    await change(node, ann, (person) => person.forget());
  });

  afterAll(async () => {
    await killLeftovers();
    await node?.close();
    await database?.drop();
  });

  const count = async (sql: string): Promise<number> => Number((await runSql(database.url, sql))[0]!.rows);
  const snapshots = (): Promise<number> => count('select count(*) as rows from leftfold_snapshots');
  const left = async () => ({
    marked: await count('select count(*) as rows from leftfold_personal_keys where forgotten_at is not null'),
    keys: await count('select count(*) as rows from leftfold_personal_keys where wrapped is not null'),
    tags: await named(),
    snapshots: await snapshots(),
    done: await count('select count(*) as rows from leftfold_personal_progress where position > 0'),
  });
  const named = async (): Promise<number> => {
    let found = 0;
    for await (const _ of node.get(EventLog).readTagged({ tags: [{ name: 'name', value: 'Ann Archer' }] })) found++;
    return found;
  };

  it('has the next one go on, whatever step it was at, until nothing is left', async () => {
    const script = await kernelProgram('forgetting');
    const position = await node.get(EventLog).head();
    const run = (point?: ForgettingKillPoint): Promise<AppProcess & { signal: unknown }> =>
      AppProcess.run({ script, args: [database.url, database.viewsUrl, String(position), ...(point ? [point] : [])] });
    const seen = [];
    for (const point of FORGETTING_KILL_POINTS) {
      const process = await run(point);
      expect([point, process.signal, process.stderr]).toEqual([point, 'SIGKILL', '']);
      seen.push(await left());
    }

    // Bob's key is still there, and so is the one tag of the event that does not come from a name.
    expect(seen).toEqual([
      { marked: 0, keys: 2, tags: 1, snapshots: 1, done: 0 },
      { marked: 1, keys: 2, tags: 1, snapshots: 1, done: 0 },
      { marked: 1, keys: 2, tags: 0, snapshots: 1, done: 0 },
      { marked: 1, keys: 2, tags: 0, snapshots: 0, done: 0 },
      { marked: 1, keys: 1, tags: 0, snapshots: 0, done: 0 },
      { marked: 1, keys: 1, tags: 0, snapshots: 0, done: 0 },
    ]);
    const last = await run();

    expect([last.stdout.trim(), last.signal]).toEqual(['settled', null]);
    expect(await left()).toEqual({ marked: 1, keys: 1, tags: 0, snapshots: 0, done: 1 });
    expect(await node.get(PersonalData).forgettingOf(ann)).toMatchObject({ position });
    expect(await node.get(AggregateRepository).load(Person, ann)).toMatchObject({ name: undefined, notes: [] });
  });
});
