import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AggregateRepository, EventLog, PersonalData, type RecordedEvent } from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { bootPersons, change, MASTER_KEY, OTHER_MASTER_KEY, Person, PersonRegistered, tablesWith } from './person.js';

describe.each(DATABASE_KINDS)('personal fields on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await bootPersons(database);
  });

  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const eventsOf = async (id: string, by = node): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of by.get(EventLog).readStream(`person-${id}`)) events.push(event);
    return events;
  };

  it('are nowhere in the databases as plain text, and are read as they were', async () => {
    const [ann, bob] = [uuidv7(), uuidv7()];

    await change(node, ann, (person) => person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' }));
    await change(node, ann, (person) => person.meet(bob, 'sold a boat', 'paid in silver'));

    const [registered, met] = await eventsOf(ann);
    expect(registered!.data).toEqual({
      personId: ann,
      name: 'Ann Archer',
      address: { street: 'Elm Street', city: 'Derry' },
    });
    expect(registered!.forgotten).toBeUndefined();
    expect(met!.data).toMatchObject({ note: 'sold a boat', otherNote: 'paid in silver' });
    expect(JSON.parse(registered!.dataText)).toEqual({
      personId: ann,
      address: { city: 'Derry' },
      $personal: {
        v: 1,
        of: [
          {
            subject: ann,
            key: expect.any(String),
            fields: { name: expect.any(String), 'address.street': expect.any(String) },
          },
        ],
      },
    });
    expect(await tablesWith(database, /Derry/)).toContain('events.leftfold_events');
    expect(await tablesWith(database, /Archer|Elm|boat|silver/i)).toEqual([]);
    const person = await node.get(AggregateRepository).load(Person, ann);
    expect(person).toMatchObject({ name: 'Ann Archer', street: 'Elm Street', notes: ['sold a boat'] });
  });

  it('are read in every way that reads events', async () => {
    const id = uuidv7();
    const before = await node.get(EventLog).head();
    await change(node, id, (person) => person.register('Cid', null));
    const log = node.get(EventLog);
    const [stored] = await eventsOf(id);

    const all = await log.readAll({ after: before, limit: 10 });
    const filtered = await log.readAll({ after: before, limit: 10, types: ['persons.person-registered'] });
    const backwards = await log.readBackwards({ limit: 1 });
    const byId = await log.readEvents([stored!.eventId]);
    const tagged: RecordedEvent[] = [];
    for await (const each of log.readTagged({ tags: [{ name: 'name', value: 'cid' }] })) tagged.push(each);

    for (const found of [all.events, filtered.events, backwards.events, byId, tagged]) {
      expect(found.map(({ data }) => data)).toEqual([{ personId: id, name: 'Cid', address: null }]);
    }
    // The first finds out that the category has personal fields, and has to read the page again.
    for (const _ of ['first', 'again']) {
      const { events } = await log.readPayloads(`person-${id}`, 1, 'without ids');
      expect(events).toMatchObject([{ eventId: stored!.eventId, version: 1 }]);
      expect(events[0]!.decrypt!().data).toEqual({ personId: id, name: 'Cid', address: null });
    }
  });

  it('have one key for each subject, whoever makes it first', async () => {
    const other = await bootPersons(database);
    const id = uuidv7();

    await Promise.all(
      [node, other, node, other].map((each, index) =>
        each.get(EventLog).append([{ stream: `person-${id}`, expected: 'any', events: [note(id, `note ${index}`)] }]),
      ),
    );
    await other.close();

    expect(
      await runSql(database.url, `select count(*) as keys from leftfold_personal_keys where subject = '${id}'`),
    ).toEqual([{ keys: kind === 'sqlite' ? 1 : '1' }]);
    const fresh = await bootPersons(database);
    expect((await eventsOf(id, fresh)).map(({ data }) => JSON.stringify(data.name)).toSorted()).toEqual(
      [0, 1, 2, 3].map((n) => `"note ${n}"`),
    );
    await fresh.close();
  });

  it('are found by subject, over all streams', async () => {
    const [ann, bob] = [uuidv7(), uuidv7()];
    await change(node, ann, (person) => person.register('Ann', null));
    await change(node, bob, (person) => person.meet(ann, 'owes me', 'is owed'));

    const found = [];
    for await (const each of node.get(PersonalData).fieldsOf(ann)) found.push(each);

    expect(found).toMatchObject([
      { stream: `person-${ann}`, type: 'persons.person-registered', fields: { name: 'Ann' } },
      { stream: `person-${bob}`, type: 'persons.person-met', fields: { otherNote: 'is owed' } },
    ]);
    expect(found[1]!.fields).not.toHaveProperty('note');
  });

  it('name the event and the field when the master key is another one, while the stored text can be read', async () => {
    const id = uuidv7();
    await change(node, id, (person) => person.register('Ann', null));
    const other = await bootPersons(database, { personalData: { masterKeys: [OTHER_MASTER_KEY] } });

    const [event] = await eventsOf(id, other);

    expect(event!.dataText).toContain('$personal');
    expect(() => event!.data).toThrow(
      `The personal field "name" of the event at position ${event!.position} can't be read: its key is wrapped by the ` +
        'master key',
    );
    await expect(change(other, id, (person) => person.meet(id, 'a', 'b'))).rejects.toThrow(/can't be/);
    await other.close();
    const both = await bootPersons(database, { personalData: { masterKeys: [OTHER_MASTER_KEY, MASTER_KEY] } });
    expect((await eventsOf(id, both))[0]!.data.name).toBe('Ann');
    await both.close();
  });

  it('are bound to their event and their path', async () => {
    const [one, other] = [uuidv7(), uuidv7()];
    const log = node.get(EventLog);
    await change(node, one, (person) => person.register('Ann', { street: 'Elm Street', city: 'Derry' }));
    const [event] = await eventsOf(one);
    const swapped = JSON.parse(event!.dataText) as { $personal: { of: [{ fields: Record<string, string> }] } };
    const { fields } = swapped.$personal.of[0];
    [fields.name, fields['address.street']] = [fields['address.street']!, fields.name!];
    const copy = (data: string, eventId?: string) => ({
      type: 'persons.person-registered',
      data: JSON.parse(data) as Record<string, never>,
      ...(eventId && { eventId }),
    });

    await log.append([
      { stream: `person-${other}`, expected: 'any', events: [copy(event!.dataText), copy(JSON.stringify(swapped))] },
    ]);

    for (const moved of await eventsOf(other)) {
      expect(() => moved.data).toThrow(
        new RegExp(`"name" of the event at position ${moved.position} .* another key, or it was changed`),
      );
    }
  });

  it('are plain in events from before they were declared, and absent ones need no key', async () => {
    const id = uuidv7();
    const old = { type: 'persons.person-registered', data: { personId: id, name: 'Old Ann', address: null } };
    await node.get(EventLog).append([{ stream: `person-${id}`, expected: 'any', events: [old] }]);
    await change(node, uuidv7(), (person) => person.register(undefined as never, null));

    const person = await node.get(AggregateRepository).load(Person, id);

    expect(person.name).toBe('Old Ann');
  });

  it('keep the members of an event apart from the reserved one', async () => {
    const event = Object.assign(new PersonRegistered(uuidv7(), 'Ann', null), { $personal: { v: 2 } });

    await expect(
      change(node, uuidv7(), (person) => (person as unknown as { apply: (each: object) => void }).apply(event)),
    ).rejects.toThrow(/the name is reserved/);
    await expect(
      node.get(EventLog).append([
        {
          stream: 'person-1',
          expected: 'any',
          events: [{ type: 'persons.person-met', data: { $personal: { v: 2 } } }],
        },
      ]),
    ).rejects.toThrow(/the name is reserved, and its envelope has version 2/);
  });
});

function note(personId: string, name: string) {
  return {
    type: 'persons.person-registered',
    data: { personId, name, address: null },
    personal: { parts: [{ subject: personId, fields: [{ path: 'name', names: ['name'] }] }], tagsWithout: () => [] },
  };
}
