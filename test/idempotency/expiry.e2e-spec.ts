import { v7 as uuidv7 } from 'uuid';
import { EventLog } from '../../src/event-sourcing/index.js';
import type { Answer, Headers } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectReplay, isReplayed, someKey } from './keys.js';

const SECOND = 1_000;
const WEEK = 7 * 24 * 60 * 60 * SECOND;

describe.each(DATABASE_KINDS)('a key on %s', (kind) => {
  let database: TestDatabase;
  /** Keeps keys for a second. */
  let forgetful: TestApp;
  /** Keeps them for a week. */
  let patient: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    forgetful = await TestApp.start(database, { IDEMPOTENCY_TTL: '1s' });
    patient = await TestApp.start(database);
  });

  afterAll(async () => {
    await forgetful.close();
    await patient.close();
    await database.drop();
  });

  const change = (by: Person, username: string, key: Headers): Promise<Answer> =>
    by.put(`${by.path}/username`, { username }, key);

  it('is kept for IDEMPOTENCY_TTL, and then decided anew and kept again', async () => {
    const [ann, key, { username }] = [await forgetful.customer(), someKey(), someNames()];
    const began = Date.now();
    const first = expectFirst(await change(ann, username, key), 200);
    const between = await ann.put(`${ann.path}/username`, { username: someNames().username });

    let replays = 0;
    const anew = await eventually(async () => {
      const answer = await change(ann, username, key);
      if (isReplayed(answer)) {
        replays += 1;
        expectReplay(answer, first);
      }
      expect(isReplayed(answer)).toBe(false);
      return answer;
    });

    expect(replays).toBeGreaterThan(0);
    expect(Date.now() - began).toBeGreaterThanOrEqual(SECOND);
    expect(placeOf(expectFirst(anew, 200)).version).toBe(placeOf(between).version + 1);
    expectReplay(await change(ann, username, key), anew);
  });

  it('may stand for another request after that', async () => {
    const [ann, key] = [await forgetful.customer(), someKey()];
    expectFirst(await change(ann, someNames().username, key), 200);
    const { username } = someNames();

    const answer = await eventually(async () => {
      const other = await change(ann, username, key);
      expect(other.status).toBe(200);
      return other;
    });

    expectReplay(await change(ann, username, key), expectFirst(answer, 200));
  });

  it('is kept as long as the one who took it said', async () => {
    const [ann, began] = [await patient.customer(), Date.now()];
    expectFirst(await change(ann, someNames().username, someKey()), 200);

    const [row] = await runSql(database.url, 'select * from commands order by recorded_at desc limit 1');

    expect(Number(row!.expires_at) - Number(row!.recorded_at)).toBe(WEEK);
    expect(Number(row!.recorded_at)).toBeGreaterThanOrEqual(began);
  });

  it('is swept when its time is over, and no other', async () => {
    const log = forgetful.nest.get(EventLog);
    const [ann, ben] = [await forgetful.customer(), await patient.customer()];
    const ids = async (): Promise<unknown[]> =>
      (await runSql(database.url, 'select command_id as id from commands')).map(({ id }) => id);
    const forEver = uuidv7();
    await log.append([{ stream: `probe-${forEver}`, expected: 'no-stream', events: [] }], { commandId: forEver });
    expectFirst(await change(ben, someNames().username, someKey()), 200);
    const kept = await ids();
    for (let time = 0; time < 3; time++) expectFirst(await change(ann, someNames().username, someKey()), 200);
    expect(await ids()).toHaveLength(kept.length + 3);

    await eventually(async () => {
      await log.forgetExpiredCommands();
      const [due] = await runSql(
        database.url,
        `select count(*) as left from commands where expires_at < ${inAnHour()}`,
      );
      expect(Number(due!.left)).toBe(0);
    });

    const left = await ids();
    expect(left).toContain(forEver);
    const own = await runSql(database.url, 'select command_id as id from commands where expires_at is null');
    expect(own.map(({ id }) => id)).toEqual([forEver]);
    const lasting = await runSql(
      database.url,
      `select command_id as id from commands where expires_at > ${inAnHour()}`,
    );
    expect(left).toHaveLength(own.length + lasting.length);
    expect(kept).toEqual(expect.arrayContaining(left));
    expect(lasting.length).toBeGreaterThan(0);
  });
});

function inAnHour(): number {
  return Date.now() + 60 * 60 * SECOND;
}
