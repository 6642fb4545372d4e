import { EventLog } from '@leftfold/core';
import { v7 as uuidv7 } from 'uuid';
import type { Answer, Headers } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

const MINUTE = 60_000;
const TTL = 3 * 60 * MINUTE;

describe.each(DATABASE_KINDS)('a key on %s', (kind) => {
  const here = useApp(kind, { IDEMPOTENCY_TTL: '3h' });

  const change = (by: Person, username: string, key: Headers): Promise<Answer> =>
    by.put(`${by.path}/username`, { username }, key);
  const letTimePass = (milliseconds: number): Promise<unknown> =>
    runSql(here.app.database.url, `update leftfold_commands set expires_at = expires_at - ${milliseconds}`);
  const ids = async (): Promise<unknown[]> =>
    (await runSql(here.app.database.url, 'select command_id from leftfold_commands')).map(({ command_id: id }) => id);

  it('is kept for IDEMPOTENCY_TTL, then decided and kept again', async () => {
    const [ann, key, { username }] = [await here.app.customer(), someKey(), someNames()];
    const first = expectFirst(await change(ann, username, key), 200);
    const between = await change(ann, someNames().username, {});

    await letTimePass(TTL - 5 * MINUTE);
    expectReplay(await change(ann, username, key), first);
    await letTimePass(5 * MINUTE);
    const anew = expectFirst(await change(ann, username, key), 200);

    expect(placeOf(anew).version).toBe(placeOf(between).version + 1);
    expectReplay(await change(ann, username, key), anew);
    await letTimePass(TTL - 5 * MINUTE);
    expectReplay(await change(ann, username, key), anew);
  });

  it('can be used for another request afterwards', async () => {
    const [ann, key, { username }] = [await here.app.customer(), someKey(), someNames()];
    expectFirst(await change(ann, someNames().username, key), 200);
    expect((await change(ann, username, key)).status).toBe(422);

    await letTimePass(TTL);
    const other = expectFirst(await change(ann, username, key), 200);

    expectReplay(await change(ann, username, key), other);
  });

  it('is swept when it expires, and no other is', async () => {
    const log = here.app.nest.get(EventLog);
    const ann = await here.app.customer();
    const forEver = uuidv7();
    await log.append([{ stream: `probe-${forEver}`, expected: 'no-stream', events: [] }], { commandId: forEver });
    for (let time = 0; time < 3; time++) expectFirst(await change(ann, someNames().username, someKey()), 200);
    await letTimePass(TTL);
    const due = await ids();
    expectFirst(await change(ann, someNames().username, someKey()), 200);
    const lasting = (await ids()).filter((id) => !due.includes(id));

    await log.forgetExpiredCommands();

    expect(new Set(await ids())).toEqual(new Set([forEver, ...lasting]));
    expect(due).toContain(forEver);
    expect(due.length).toBeGreaterThan(3);
    expect(lasting).toHaveLength(1);
  });
});
