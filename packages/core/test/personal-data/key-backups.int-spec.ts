import type { INestApplicationContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  EventLog,
  ForgettingReplay,
  KeyRotation,
  MissingMasterKeyError,
  PersonalData,
  PlainPersonalFields,
  type RecordedEvent,
} from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { bootPersons, change, MASTER_KEY, OTHER_MASTER_KEY } from './person.js';

describe.each(DATABASE_KINDS)('keys of subjects on %s', (kind) => {
  let database: TestDatabase;
  const nodes: INestApplicationContext[] = [];

  beforeEach(async () => {
    database = await createKernelDatabase(kind);
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await database.drop();
  });

  const boot = async (...masterKeys: string[]): Promise<INestApplicationContext> => {
    const node = await bootPersons(database, { personalData: { masterKeys } });
    nodes.push(node);
    return node;
  };
  const first = async (node: INestApplicationContext, id: string): Promise<RecordedEvent> => {
    for await (const event of node.get(EventLog).readStream(`person-${id}`)) return event;
    throw new Error('There is none.');
  };

  const last = async (node: INestApplicationContext, id: string): Promise<RecordedEvent | undefined> => {
    let found: RecordedEvent | undefined;
    for await (const event of node.get(EventLog).readStream(`person-${id}`)) found = event;
    return found;
  };

  it('are wrapped with a new master key in batches, interrupted and beside a running node', async () => {
    const node = await boot(MASTER_KEY);
    const ids = Array.from({ length: 5 }, () => uuidv7());
    for (const id of ids) await change(node, id, (person) => person.register(`Name of ${id}`, null));
    const both = await boot(OTHER_MASTER_KEY, MASTER_KEY);
    const abort = new AbortController();
    const progress: [number, number][] = [];

    const interrupted = both.get(KeyRotation).run({
      batch: 2,
      signal: abort.signal,
      onProgress: (keys, of) => {
        progress.push([keys, of]);
        if (progress.length === 2) abort.abort(new Error('enough'));
      },
    });

    await expect(interrupted).rejects.toThrow('enough');
    expect(progress).toEqual([
      [2, 5],
      [4, 5],
    ]);
    const renewed = await boot(OTHER_MASTER_KEY);
    const events = await Promise.all(ids.map((id) => first(renewed, id)));
    expect(events.filter(isReadable)).toHaveLength(4);
    expect(await both.get(KeyRotation).run({ batch: 2 })).toBe(1);
    expect(await both.get(KeyRotation).run()).toBe(0);
    const fresh = await boot(OTHER_MASTER_KEY);
    for (const id of ids) expect((await first(fresh, id)).data.name).toBe(`Name of ${id}`);
  });

  it('say so when a rotation lacks the master key of before', async () => {
    const node = await boot(MASTER_KEY);
    await change(node, uuidv7(), (person) => person.register('Ann', null));

    await expect((await boot(OTHER_MASTER_KEY)).get(KeyRotation).run()).rejects.toThrow(MissingMasterKeyError);
  });

  it('are deleted again when a backup has brought them back', async () => {
    const node = await boot(MASTER_KEY);
    const id = uuidv7();
    await change(node, id, (person) => person.register('Ann Archer', null));
    const [row] = await runSql(database.url, 'select * from leftfold_personal_keys');
    await change(node, id, (person) => person.forget());
    const data = node.get(PersonalData);
    await data.settled(await node.get(EventLog).head());
    const forgetting = (await data.forgettingOf(id))!;
    await runSql(
      database.url,
      `update leftfold_personal_keys set wrapped = '${String(row!.wrapped)}', master = '${String(row!.master)}',
         forgetting_since = null, forgotten_at = null, forgotten_by = null, forgotten_position = null`,
    );
    await boot(MASTER_KEY);

    const other = { ...forgetting, subject: 'somebody else' };
    const replayed = await node.get(ForgettingReplay).run([forgetting, other]);

    expect(replayed).toEqual([
      { ...forgetting, hadKey: true, isInLog: true },
      { ...other, hadKey: false, isInLog: true },
    ]);
    for (const each of nodes) expect((await first(each, id)).forgotten).toEqual(['name']);
    expect(await data.forgettingOf(id)).toEqual(forgetting);
    expect(await runSql(database.url, 'select * from leftfold_personal_keys where wrapped is not null')).toEqual([]);
  });

  it('name the event of this log, not the replayed one that a restored backup has lost', async () => {
    const node = await boot(MASTER_KEY);
    const data = node.get(PersonalData);
    const log = node.get(EventLog);
    const [ann, bob] = [uuidv7(), uuidv7()];
    await change(node, ann, (person) => person.register('Ann Archer', null));
    // One position has another event by now, the other one is after the end of the log.
    const lost = { eventId: uuidv7(), forgottenAt: new Date(0) };
    const replayed = await node.get(ForgettingReplay).run([
      { ...lost, subject: ann, position: 1 },
      { ...lost, subject: bob, position: 1_000 },
    ]);
    expect(replayed.map(({ isInLog }) => isInLog)).toEqual([false, false]);
    expect(await data.forgettingOf(ann)).toMatchObject(lost);

    for (const id of [ann, bob]) await change(node, id, (person) => person.forget());
    await data.settled(await log.head());

    for (const id of [ann, bob]) {
      const { eventId, position, recordedAt } = (await last(node, id))!;
      const forgetting = { subject: id, eventId, position, forgottenAt: recordedAt };
      expect(await data.forgettingOf(id)).toEqual(forgetting);
      // Another one is the second of this log, and changes nothing.
      await change(node, id, (person) => person.forget());
      await data.settled(await log.head());
      expect(await data.forgettingOf(id)).toEqual(forgetting);
    }
  });

  it('do not exist for events from before their fields were personal, which are counted', async () => {
    const node = await boot(MASTER_KEY);
    const old = { type: 'persons.person-registered', data: { personId: '1', name: 'Old Ann', address: null } };
    await node.get(EventLog).append([{ stream: 'person-1', expected: 'any', events: [old] }]);
    await change(node, uuidv7(), (person) => person.register('Ann', null));

    expect(await node.get(PlainPersonalFields).count()).toEqual([{ type: 'persons.person-registered', events: 1 }]);
  });
});

function isReadable(event: RecordedEvent): boolean {
  try {
    return event.data.name !== undefined;
  } catch {
    return false;
  }
}
