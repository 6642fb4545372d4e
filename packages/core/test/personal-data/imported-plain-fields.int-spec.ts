import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import {
  EventLog,
  LogExport,
  LogImport,
  LogVerifier,
  PersonalData,
  PlainPersonalFields,
  type RecordedEvent,
} from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { change, onPersons, tablesWith } from './person.js';

const KEYS = 'select subject from leftfold_personal_keys order by subject';
const IMPORTING = { oneOff: true, mayCreate: true, runSubscriptions: false };
const PLAIN = /Archer|Elm Street|sold a boat|silver|Baker/;

describe.each(DATABASE_KINDS)('plain personal fields that are imported on %s', (kind) => {
  const databases: TestDatabase[] = [];

  afterEach(async () => {
    for (const database of databases.splice(0)) await database.drop();
  });

  const aDatabase = async (): Promise<TestDatabase> => {
    const database = await createKernelDatabase(kind);
    databases.push(database);
    return database;
  };
  const imported = (database: TestDatabase, file: string, dryRun = false) =>
    onPersons(database, IMPORTING, (node) => node.get(LogImport).run(file, { dryRun }));
  const named = async (node: INestApplicationContext, name: string): Promise<number> => {
    let count = 0;
    for await (const _ of node.get(EventLog).readTagged({ tags: [{ name: 'name', value: name }] })) count++;
    return count;
  };

  it('are encrypted, exported to the person, and forgotten, here and in the file', async () => {
    const [source, target] = [await aDatabase(), await aDatabase()];
    const file = join(source.folder, 'log.ndjson');
    const before = await onPersons(source, { runSubscriptions: false }, async (node) => {
      await node.get(EventLog).append([
        { stream: 'person-ann', expected: 0, events: [registered('ann', 'Ann Archer'), met('ann', 'bob')] },
        { stream: 'person-bob', expected: 0, events: [registered('bob', 'Bob Baker'), forgotten('bob')] },
      ]);
      await node.get(LogExport).run(file);
      return events(node);
    });

    expect(await imported(target, file, true)).toMatchObject({ added: 4, encrypted: 3 });
    expect(await runSql(target.url, KEYS)).toEqual([]);
    expect(await imported(target, file)).toMatchObject({ added: 4, encrypted: 3 });
    expect(await imported(target, file)).toMatchObject({ added: 0, skipped: 4, encrypted: 0 });
    expect(await tablesWith(source, PLAIN)).toContain('events.leftfold_events');
    expect(await tablesWith(target, PLAIN)).toEqual([]);

    await onPersons(target, {}, async (node) => {
      const data = node.get(PersonalData);
      // The file forgets Bob after his events. A node that starts on the log carries it through.
      await data.settled(4);
      const after = await events(node);
      expect(after.map(place)).toEqual(before.map(place));
      expect(after.slice(0, 2).map(({ data: each, forgotten: paths }) => [each, paths])).toEqual([
        [before[0]!.data, undefined],
        [{ personId: 'ann', otherId: 'bob', note: 'sold a boat' }, ['otherNote']],
      ]);
      expect([await named(node, 'Ann Archer'), await named(node, 'Bob Baker')]).toEqual([1, 0]);
      expect(await fieldsOf(node, 'ann')).toEqual([
        { name: 'Ann Archer', 'address.street': 'Elm Street' },
        { note: 'sold a boat' },
      ]);
      expect(await node.get(PlainPersonalFields).count()).toEqual([]);
      expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, events: 4, uncheckedTags: 0 });

      await change(node, 'ann', (person) => person.forget());
      await data.settled(5);
      expect(await fieldsOf(node, 'ann')).toEqual([{}, {}]);
      expect((await events(node))[0]!.data).toEqual({ personId: 'ann', address: { city: 'Derry' } });
      expect(await named(node, 'Ann Archer')).toBe(0);
    });
  });

  it('make no key of a subject whose own key is missing', async () => {
    const [source, target] = [await aDatabase(), await aDatabase()];
    const file = join(source.folder, 'log.ndjson');
    await onPersons(source, { runSubscriptions: false }, async (node) => {
      await node
        .get(EventLog)
        .append([{ stream: 'person-ann', expected: 0, events: [registered('ann', 'Ann Archer')] }]);
      await change(node, 'ann', (person) => person.meet('bob', 'sold a boat', 'paid in silver'));
      await node.get(LogExport).run(file);
    });

    await expect(imported(target, file)).rejects.toThrow(
      /^Line 3: the personal field "note" can't be read: .* copy the rows of its table leftfold_personal_keys/,
    );

    expect(await runSql(target.url, KEYS)).toEqual([]);
  });

  it('of another program are encrypted as well', async () => {
    const target = await aDatabase();
    const file = join(target.folder, 'lines.ndjson');
    const { type, data } = registered('ann', 'Ann Archer');
    await writeFile(
      file,
      `${JSON.stringify({ stream: 'person-ann', type, data, recordedAt: '2020-01-01T00:00:00Z' })}\n`,
    );

    expect(await imported(target, file)).toMatchObject({ added: 1, encrypted: 1 });

    expect(await tablesWith(target, PLAIN)).toEqual([]);
    await onPersons(target, { runSubscriptions: false }, async (node) =>
      expect((await events(node))[0]!.data).toEqual(data),
    );
  });
});

/** As it was stored before its fields were declared personal. */
function registered(personId: string, name: string) {
  const address = { street: 'Elm Street', city: 'Derry' };
  return { type: 'persons.person-registered', data: { personId, name, address } };
}

function met(personId: string, otherId: string) {
  return { type: 'persons.person-met', data: { personId, otherId, note: 'sold a boat', otherNote: 'paid in silver' } };
}

function forgotten(personId: string) {
  return { type: 'persons.person-forgotten', data: { personId } };
}

function place({ position, stream, version, eventId, type, recordedAt, metadata }: RecordedEvent) {
  return { position, stream, version, eventId, type, recordedAt, metadata };
}

async function events(node: INestApplicationContext): Promise<readonly RecordedEvent[]> {
  return (await node.get(EventLog).readAll({ after: 0, limit: 100 })).events;
}

async function fieldsOf(node: INestApplicationContext, subject: string): Promise<object[]> {
  const found: object[] = [];
  for await (const { fields } of node.get(PersonalData).fieldsOf(subject)) found.push(fields);
  return found;
}
