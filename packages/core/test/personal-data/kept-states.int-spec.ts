import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { KeptState } from '../../src/aggregates/kept-state.js';
import { KeptStreams } from '../../src/aggregates/kept-streams.js';
import { AggregateRepository, EventLog, PersonalData } from '../../src/index.js';
import { KeyRing } from '../../src/personal-data/key-ring.js';
import { SealedCopies } from '../../src/personal-data/sealed-copies.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { ALLOW_CHANGES, rowsRead } from '../support/kept.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { bootPersons, change, Person } from './person.js';

const MEETINGS = 6;

describe.each(DATABASE_KINDS)('a kept state with personal data on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;
  let other: INestApplicationContext;
  let ann: string;
  let bob: string;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await bootPersons(database, { runSubscriptions: false });
    other = await bootPersons(database);
  });

  afterAll(async () => {
    await other.close();
    await node.close();
    await database.drop();
  });

  /** Ann, whose state the node keeps, with notes that are about Bob in the same stream. */
  beforeEach(async () => {
    [ann, bob] = [uuidv7(), uuidv7()];
    await change(other, ann, (person) => {
      person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' });
      for (let each = 1; each <= MEETINGS; each++) person.meet(bob, `sold boat ${each}`, 'paid in silver');
    });
    for (let each = 1; each <= 2; each++) await load();
  });

  const load = (by = node): Promise<Person> => by.get(AggregateRepository).load(Person, ann);
  const kept = (): KeptState => node.get(KeptStreams).state(`person-${ann}`)!;
  const opened = (state: KeptState) => state.open(new SealedCopies(node.get(KeyRing)));
  const forget = async (id: string): Promise<void> => {
    await change(other, id, (person) => person.forget());
    await other.get(PersonalData).settled(await other.get(EventLog).head());
  };

  it('is that of an aggregate that is loaded again, not of all', async () => {
    ann = uuidv7();
    await change(other, ann, (person) => {
      person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' });
      for (let each = 1; each <= MEETINGS; each++) person.meet(bob, 'talks', 'nothing');
    });
    await load();
    expect(kept()).toBeUndefined();
    await load();
    expect(kept()).toBeDefined();
  });

  it('is all that a load reads, with the event that it ends with', async () => {
    const read = rowsRead(node.get(EventLog));
    const person = await load();
    expect(read.rows()).toEqual([1]);
    expect(person).toMatchObject({ name: 'Ann Archer', street: 'Elm Street', version: 1 + MEETINGS });
    expect(person.notes).toHaveLength(MEETINGS);
  });

  it('has nothing personal that can be read without a key', async () => {
    expect(JSON.stringify(kept())).not.toMatch(/Archer|Elm|boat|silver/);
    expect(JSON.stringify(await opened(kept()))).toMatch(/Archer.*Elm.*boat/);
  });

  it('is followed by what another node has stored, and is not changed by who loads it', async () => {
    (await load()).notes.length = 0;
    await change(other, ann, (person) => person.meet(bob, 'sold a car', 'paid late'));
    const { notes } = await load();
    expect(notes).toHaveLength(MEETINGS + 1);
    expect(notes.at(-1)).toBe('sold a car');
  });

  it('can not be opened once the person is forgotten on another node', async () => {
    const before = kept();
    await forget(ann);
    expect(await opened(before)).toBeUndefined();
    const person = await load();
    expect(person).toMatchObject({ name: undefined, street: undefined, notes: [], version: 2 + MEETINGS });
  });

  it('can not be opened once another person in it is forgotten, and the rest stays', async () => {
    await change(other, bob, (person) => person.register('Bob Baker', null));
    const before = kept();
    await forget(bob);
    expect(await opened(before)).toBeUndefined();
    expect(await load()).toMatchObject({ name: 'Ann Archer', version: 1 + MEETINGS });
    await change(node, ann, (person) => person.meet(bob, 'remembers', 'nothing'));
    expect((await load()).notes).toHaveLength(MEETINGS + 1);
  });

  it('is dropped when the log is another one, such as one of a backup', async () => {
    for (const sql of ALLOW_CHANGES[kind]) await runSql(database.url, sql).catch(() => undefined);
    await runSql(database.url, `delete from leftfold_events where stream = 'person-${ann}' and version > 3`);
    const person = await load();
    expect(person.version).toBe(3);
    expect(person.notes).toHaveLength(2);
  });
});
