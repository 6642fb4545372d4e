import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  AggregateRepository,
  EventLog,
  LogVerifier,
  PersonalData,
  type RecordedEvent,
  TagRebuild,
} from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { bootPersons, change, Person, tablesWith } from './person.js';

describe.each(DATABASE_KINDS)('a forgotten person on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;
  let other: INestApplicationContext;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await bootPersons(database, { snapshotEvery: 2 });
    other = await bootPersons(database, { snapshotEvery: 2, runSubscriptions: false });
  });

  afterAll(async () => {
    await other.close();
    await node.close();
    await database.drop();
  });

  const log = (): EventLog => node.get(EventLog);
  const eventsOf = async (id: string, by = node): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of by.get(EventLog).readStream(`person-${id}`)) events.push(event);
    return events;
  };
  const named = async (name: string): Promise<number> => {
    let count = 0;
    for await (const _ of log().readTagged({ tags: [{ name: 'name', value: name }] })) count++;
    return count;
  };
  const forget = async (id: string): Promise<number> => {
    await change(node, id, (person) => person.forget());
    const position = await log().head();
    await node.get(PersonalData).settled(position);
    return position;
  };

  it('is absent from events, says so, and leaves the data of others', async () => {
    const [ann, bob] = [uuidv7(), uuidv7()];
    await change(node, ann, (person) => person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' }));
    await change(node, ann, (person) => person.meet(bob, 'sold a boat', 'paid in silver'));
    // Both nodes have the key in memory.
    expect((await eventsOf(ann, other))[0]!.data.name).toBe('Ann Archer');

    const position = await forget(ann);

    for (const each of [node, other]) {
      const [registered, met] = await eventsOf(ann, each);
      expect(registered!.data).toEqual({ personId: ann, address: { city: 'Derry' } });
      expect(registered!.forgotten).toEqual(['name', 'address.street']);
      expect(met!.data).toEqual({ personId: ann, otherId: bob, otherNote: 'paid in silver' });
      expect(met!.forgotten).toEqual(['note']);
    }
    const data = node.get(PersonalData);
    const [forgotten] = (await eventsOf(ann)).slice(-1);
    expect(await data.forgettingOf(ann)).toEqual({
      subject: ann,
      eventId: forgotten!.eventId,
      position,
      forgottenAt: forgotten!.recordedAt,
    });
    expect(await data.forgettingOf(bob)).toBeNull();
    const left: unknown[] = [];
    for await (const { fields, forgotten: paths } of data.fieldsOf(ann)) left.push({ fields, paths });
    expect(left).toEqual([
      { fields: {}, paths: ['name', 'address.street'] },
      { fields: {}, paths: ['note'] },
    ]);
    expect(
      await runSql(database.url, `select key_id, wrapped from leftfold_personal_keys where subject = '${ann}'`),
    ).toEqual([{ key_id: expect.any(String), wrapped: null }]);
  });

  it('leaves its unique tags, also for a rebuild and a verification', async () => {
    const id = uuidv7();
    await change(node, id, (person) => person.register('Rare Name', null));
    expect(await named('Rare Name')).toBe(1);

    await forget(id);

    expect(await named('Rare Name')).toBe(0);
    const rebuilt = await node.get(TagRebuild).run({ all: true });
    expect(rebuilt.map(({ added }) => added)).toEqual([0]);
    expect((await node.get(LogVerifier).verify()).findings).toEqual([]);
    // Other tags of the event are still there.
    let found = 0;
    for await (const _ of log().readTagged({ tags: [{ name: 'person', value: id }] })) found++;
    expect(found).toBe(1);
  });

  it('is in no snapshot, before and after', async () => {
    const id = uuidv7();
    await change(node, id, (person) => person.register('Snapshot Sally', null));
    for (const note of ['swims', 'sails']) await change(node, id, (person) => person.meet(uuidv7(), note, 'x'));
    const snapshots = () =>
      runSql(database.url, `select state from leftfold_snapshots where stream = 'person-${id}'`).then((rows) =>
        rows.map(({ state }) => String(state)),
      );
    await node.get(AggregateRepository).load(Person, id);
    await eventuallySome(snapshots);
    expect((await snapshots()).join()).not.toMatch(/Sally|swims/);
    // It is restored from the snapshot, not folded: the log has no fold that begins later.
    expect(await node.get(AggregateRepository).load(Person, id)).toMatchObject({ name: 'Snapshot Sally' });

    await forget(id);

    expect(await snapshots()).toEqual([]);
    expect(await node.get(AggregateRepository).load(Person, id)).toMatchObject({ name: undefined, notes: [] });
  });

  it('gets no key again: later events are stored without its fields', async () => {
    const id = uuidv7();
    await forget(id);

    await change(node, id, (person) => person.register('Late Larry', { street: 'Late Lane', city: 'Derry' }));

    const [, registered] = await eventsOf(id);
    expect(registered!.data).toEqual({ personId: id, address: { city: 'Derry' } });
    expect(registered!.forgotten).toEqual(['name', 'address.street']);
    expect(await named('Late Larry')).toBe(0);
    expect(await tablesWith(database, /Larry|Late Lane/)).toEqual([]);
    expect(await runSql(database.url, `select key_id from leftfold_personal_keys where subject = '${id}'`)).toEqual([
      { key_id: null },
    ]);
  });

  it('is in no result that is kept for a repeat of its command', async () => {
    const id = uuidv7();
    const commandId = uuidv7();
    const content = {
      parts: [{ subject: id, fields: [{ path: 'name', names: ['name'] }] }],
      tagsWithout: () => [],
    };
    const event = { type: 'persons.person-registered', data: { personId: id, name: 'Result Rita', address: null } };
    const append = () =>
      log().append([{ stream: `person-${id}`, expected: 'any', events: [{ ...event, personal: content }] }], {
        commandId,
        result: { greeting: 'Hello result rita!' },
      });

    const first = await append();
    const second = await append();

    expect([first, second].map(({ result, repeated }) => ({ result, repeated }))).toEqual([
      { result: { greeting: 'Hello result rita!' }, repeated: false },
      { result: { greeting: 'Hello result rita!' }, repeated: true },
    ]);
    expect(await tablesWith(database, /rita/i)).toEqual([]);

    await forget(id);

    expect(await append()).toMatchObject({ repeated: true, result: undefined, position: first.position });
    expect(await log().findCommand(commandId)).toMatchObject({ repeated: true, result: undefined });
  });

  it('is forgotten once: a second event changes nothing', async () => {
    const id = uuidv7();
    await change(node, id, (person) => person.register('Ann', null));
    const position = await forget(id);

    await forget(id);

    expect(await node.get(PersonalData).forgettingOf(id)).toMatchObject({ position });
  });
});

async function eventuallySome(read: () => Promise<readonly unknown[]>): Promise<void> {
  await eventually(async () => expect((await read()).length).toBeGreaterThan(0));
}
