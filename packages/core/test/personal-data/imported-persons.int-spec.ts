import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { EventLog, LogExport, LogImport, LogVerifier, PersonalData, type RecordedEvent } from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import type { TestDatabase } from '../support/databases.js';
import { copyRows, runSql } from '../support/stored-rows.js';
import { change, MASTER_KEY, OTHER_MASTER_KEY, onPersons, tablesWith } from './person.js';

const KEYS = 'leftfold_personal_keys';

describe('a log with encrypted fields that is imported', () => {
  const [ann, bob] = [uuidv7(), uuidv7()];
  let source: TestDatabase;
  let target: TestDatabase;
  let file: string;

  beforeAll(async () => {
    [source, target] = await Promise.all([createKernelDatabase('sqlite'), createKernelDatabase('sqlite')]);
    file = join(source.folder, 'log.ndjson');
    await onPersons(source, {}, async (node) => {
      await change(node, ann, (person) => person.register('Ann Archer', { street: 'Elm Street', city: 'Derry' }));
      await change(node, bob, (person) => person.register('Bob Baker', null));
      await change(node, ann, (person) => person.meet(bob, 'sold a boat', 'paid in silver'));
      await change(node, bob, (person) => person.forget());
      await node.get(PersonalData).settled(await node.get(EventLog).head());
      await node.get(LogExport).run(file);
    });
  });

  afterAll(async () => {
    await source.drop();
    await target.drop();
  });

  const imported = (masterKey = MASTER_KEY) =>
    onPersons(
      target,
      { personalData: { masterKeys: [masterKey] }, oneOff: true, mayCreate: true, runSubscriptions: false },
      (node) => node.get(LogImport).run(file),
    );
  const events = async (node: INestApplicationContext): Promise<RecordedEvent[]> => {
    return [...(await node.get(EventLog).readAll({ after: 0, limit: 100 })).events];
  };

  it('is refused without the keys; with them it has every field, nobody is forgotten anew, and nobody comes back', async () => {
    await expect(imported()).rejects.toThrow(
      /^Line 2: the personal field "name" can't be read: there is no key of its subject, and no forgetting\. The keys are not in the file/,
    );

    await copyRows(KEYS, source.url, target.url);

    await expect(imported(OTHER_MASTER_KEY)).rejects.toThrow(
      /^Line 2: the personal field "name" can't be read: its key is wrapped by the master key \w+, and this program has \w+\./,
    );
    expect(await runSql(target.url, 'select * from leftfold_events')).toEqual([]);
    expect(await imported()).toMatchObject({ added: 4 });

    await onPersons(target, {}, async (node) => {
      const [first, second, met] = await events(node);
      expect(first!.data).toMatchObject({ name: 'Ann Archer', address: { street: 'Elm Street', city: 'Derry' } });
      expect([second!.data, second!.forgotten]).toEqual([{ personId: bob, address: null }, ['name']]);
      expect([met!.data.note, met!.forgotten]).toEqual(['sold a boat', ['otherNote']]);
      expect(await node.get(PersonalData).forgettingOf(bob)).toMatchObject({ position: 4 });
      expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, events: 4, uncheckedTags: 0 });
      const named = async (name: string): Promise<number> => {
        let count = 0;
        for await (const _ of node.get(EventLog).readTagged({ tags: [{ name: 'name', value: name }] })) count++;
        return count;
      };
      expect([await named('Ann Archer'), await named('Bob Baker')]).toEqual([1, 0]);
      // With the key that was copied, and none for who is forgotten.
      await change(node, ann, (person) => person.meet(bob, 'bought it back', 'in gold'));
      expect((await events(node)).at(-1)).toMatchObject({ data: { note: 'bought it back' }, forgotten: ['otherNote'] });
    });
    expect(await tablesWith(target, /Archer|Baker|silver|gold/)).toEqual([]);
  });
});
