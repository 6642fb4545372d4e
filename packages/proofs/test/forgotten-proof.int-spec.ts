import { join } from 'node:path';
import { EventLog, ForgettingReplay, PersonalData } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  ForgettingCertificates,
  formatProof,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  Sealed,
  verifyCertificate,
  verifyProof,
} from '../src/index.js';
import { createKernelDatabase } from '../../core/test/counters/kernel-database.js';
import type { TestDatabase } from '../../core/test/support/databases.js';
import { bootPersons, change } from '../../core/test/personal-data/person.js';

const KEY = newSigningKey('log.example');
const KEYS = [parseVerifierKey(parseSigningKey(KEY).verifier)];

// The stored text is the same on both databases, and a forgetting never writes to it.
it('proves an event before and after its person is forgotten', async () => {
  const database = await createKernelDatabase('sqlite');
  const node = await boot(database);
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

  const [then, now] = [before, after].map((proof) => verifyProof(proof, { keys: KEYS }).event);
  expect(then).toMatchObject({ position, eventId: expect.any(String) });
  expect(now).toEqual(then);
  expect(then!.data).not.toContain('Archer');
  await node.close();
  await database.drop();
});

it('certifies the event that this log has, after a mark was replayed whose event a restored backup has lost', async () => {
  const database = await createKernelDatabase('sqlite');
  const node = await boot(database);
  const log = node.get(EventLog);
  const id = uuidv7();
  const certificate = () => node.get(ForgettingCertificates).of(id, null, 20_000);
  await change(node, id, (person) => person.register('Ann Archer', null));
  const lost = { subject: id, eventId: uuidv7(), position: await log.head(), forgottenAt: new Date(0) };
  await node.get(ForgettingReplay).run([lost]);
  // The event at that position is another one.
  expect(await certificate()).toBeUndefined();

  await change(node, id, (person) => person.forget());
  const position = await log.head();
  await node.get(PersonalData).settled(position);

  const text = JSON.stringify(await certificate());
  expect(verifyCertificate(text, { keys: KEYS }).certificate).toMatchObject({
    subject: id,
    position,
    fields: { 'persons.person-registered': ['name'] },
  });
  await node.close();
  await database.drop();
});

function boot(database: TestDatabase): Promise<INestApplicationContext> {
  const proofs = ProofsModule.forRoot({ keys: [KEY], memory: join(database.folder, 'last'), interval: 10 });
  return bootPersons(database, {}, { imports: [proofs] });
}
