import { join } from 'node:path';
import { EventLog, PersonalData } from '@leftfold/core';
import { v7 as uuidv7 } from 'uuid';
import {
  formatProof,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  Sealed,
  verifyProof,
} from '../src/index.js';
import { createKernelDatabase } from '../../core/test/counters/kernel-database.js';
import { bootPersons, change } from '../../core/test/personal-data/person.js';

const KEY = newSigningKey('log.example');

// The stored text is the same on both databases, and a forgetting never writes to it.
it('proves an event before and after its person is forgotten', async () => {
  const database = await createKernelDatabase('sqlite');
  const node = await bootPersons(
    database,
    {},
    { imports: [ProofsModule.forRoot({ keys: [KEY], memory: join(database.folder, 'last'), interval: 10 })] },
  );
  const log = node.get(EventLog);
  const id = uuidv7();
  await change(node, id, (person) => person.register('Ann Archer', null));
  const position = await log.head();
  const proved = async (): Promise<string> => {
    expect(await node.get(Sealed).waitFor(await log.head(), 20_000)).toBe(true);
    return formatProof(await node.get(Proofs).prove(position));
  };

  const before = await proved();
  await change(node, id, (person) => person.forget());
  await node.get(PersonalData).settled(await log.head());
  const after = await proved();

  const keys = [parseVerifierKey(parseSigningKey(KEY).verifier)];
  const [then, now] = [before, after].map((proof) => verifyProof(proof, { keys }).event);
  expect(then).toMatchObject({ position, eventId: expect.any(String) });
  expect(now).toEqual(then);
  expect(then!.data).not.toContain('Archer');
  await node.close();
  await database.drop();
});
