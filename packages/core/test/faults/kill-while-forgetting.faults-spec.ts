import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AggregateRepository, EventLog, PersonalData } from '../../src/index.js';
import { bootPersons, change, Person } from '../personal-data/person.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import { FORGETTING_NODE } from './support/forgetting-node.js';
import { FORGETTING_KILL_POINTS, type ForgettingKillPoint } from './support/kill-points.js';

/** A crash leaves of a step, on either database, what its transaction left; so one of each sort is enough on PostgreSQL. */
const KILL_POINTS: Readonly<Record<DatabaseKind, readonly ForgettingKillPoint[]>> = {
  sqlite: FORGETTING_KILL_POINTS,
  postgres: ['after the tags', 'after the forgetting, before the commit'],
};
/** What is left at each. Bob's key is still there, and so is the one tag of the event that does not come from a name. */
const LEFT: Readonly<Record<ForgettingKillPoint, object>> = {
  'before the mark': { marked: 0, keys: 2, tags: 1, snapshots: 1, done: 0 },
  'after the mark': { marked: 1, keys: 2, tags: 1, snapshots: 1, done: 0 },
  'after the tags': { marked: 1, keys: 2, tags: 0, snapshots: 1, done: 0 },
  'after the snapshots': { marked: 1, keys: 2, tags: 0, snapshots: 0, done: 0 },
  'after the key': { marked: 1, keys: 1, tags: 0, snapshots: 0, done: 0 },
  'after the forgetting, before the commit': { marked: 1, keys: 1, tags: 0, snapshots: 0, done: 0 },
};

describe.each(DATABASE_KINDS)('a process that is killed while it forgets a person on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;
  const [ann, bob] = [uuidv7(), uuidv7()];

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
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
    for (const point of KILL_POINTS[kind]) {
      const args = [database.url, database.viewsUrl, String(position), point];
      const { signal, stderr } = await AppProcess.run({ script, args });
      expect([point, signal, stderr]).toEqual([point, 'SIGKILL', '']);
      expect([point, await left()]).toEqual([point, LEFT[point]]);
    }

    const survivor = await bootPersons(database, FORGETTING_NODE);
    await survivor.get(PersonalData).settled(position);
    await survivor.close();

    expect(await left()).toEqual({ marked: 1, keys: 1, tags: 0, snapshots: 0, done: 1 });
    expect(await node.get(PersonalData).forgettingOf(ann)).toMatchObject({ position });
    expect(await node.get(AggregateRepository).load(Person, ann)).toMatchObject({ name: undefined, notes: [] });
  });
});
