import { v7 as uuidv7 } from 'uuid';
import { EventLog, PersonalData } from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { change, onPersons } from './person.js';

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  it('a reader gets nothing of a person after the forgetting, also while nobody carries it through', async () => {
    const database = await createKernelDatabase(kind);
    try {
      await onPersons(database, { runSubscriptions: false }, async (node) => {
        const [ann, bob] = [uuidv7(), uuidv7()];
        await change(node, ann, (person) => person.register('Ann Archer', null));
        await change(node, ann, (person) => person.forget());
        await change(node, bob, (person) => person.meet(ann, 'sold a boat', 'paid in silver'));

        const { events } = await node.get(EventLog).readAll({ after: 0, limit: 10 });

        expect(events.at(-1)!.data).toEqual({ personId: bob, otherId: ann, note: 'sold a boat' });
        expect(events.at(-1)!.forgotten).toEqual(['otherNote']);
        expect(await node.get(PersonalData).forgettingOf(ann)).toMatchObject({ position: 2 });
        expect(await node.get(PersonalData).forgettingOf(bob)).toBeNull();
      });
    } finally {
      await database.drop();
    }
  });
});
