import { readFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { KeyStore } from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { runSql } from '../support/stored-rows.js';
import { onPersons } from './person.js';

it('the file of SQLite has nothing of a key that was deleted', async () => {
  const database = await createKernelDatabase('sqlite');
  try {
    const subjects = Array.from({ length: 200 }, () => uuidv7());
    // A node that ends brings the -wal file into the file.
    await onPersons(database, {}, async (node) => void (await node.get(KeyStore).make(subjects)));
    const keys = await runSql(database.url, 'select wrapped from leftfold_personal_keys');
    const left = (): number => {
      const file = readFileSync(database.url.slice('sqlite:'.length));
      return keys.filter(({ wrapped }) => file.includes(String(wrapped))).length;
    };
    expect(left()).toBe(200);

    await onPersons(database, {}, async (node) => {
      const store = node.get(KeyStore);
      for (const [index, subject] of subjects.entries()) {
        await store.forget({ subject, eventId: uuidv7(), position: index + 1, forgottenAt: new Date() });
        await store.erase(subject);
      }
    });

    expect(left()).toBe(0);
  } finally {
    await database.drop();
  }
});
