import type { RebuildAnswer } from '../../packages/operations/src/subscriptions/rebuild.answer.js';
import type { UserAnswer } from '../../src/users/user.answer.js';
import { since } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { ISO_TIME } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { expectAccepted, NOBODY, pauseWholly, statusOf, until, USER_VIEW } from './operating.js';

/** A user without an event. Its id sorts before all registered users. */
const PHANTOM = NOBODY;
const NO_DIFFERENCE = [{ table: 'user_view', added: 0, removed: 0, changed: 0, examples: [] }];

describe('the rebuild of a read model', () => {
  const here = useApp('sqlite');

  beforeAll(async () => {
    for (let change = 0; change < 10; change++)
      await here.ann.put(`${here.ann.path}/email`, { email: someNames().email, currentPassword: here.ann.password });
    await here.app.caughtUpWith(await here.bob.put(`${here.bob.path}/username`, { username: someNames().username }));
    await until(here.operator, USER_VIEW, { state: 'live', position: await here.app.head(), rebuild: null });
  });

  const listed = async (): Promise<UserAnswer[]> =>
    ((await here.operator.get('/users?limit=200')).body as { items: UserAnswer[] }).items;

  const rebuild = async (): Promise<void> =>
    expectAccepted(await here.operator.post(`/subscriptions/${USER_VIEW}/rebuild`), { name: USER_VIEW });

  const untilRebuilt = async (): Promise<RebuildAnswer> => {
    const done = expect.objectContaining({ state: 'done' }) as RebuildAnswer;
    return (await until(here.operator, USER_VIEW, { state: 'live', rebuild: done })).rebuild!;
  };

  it('makes the same rows, and does not affect queries', async () => {
    const before = await listed();
    const position = await here.app.head();
    const answered: UserAnswer[][] = [];

    await rebuild();
    await eventually(async () => {
      answered.push(await listed());
      expect((await statusOf(here.operator, USER_VIEW)).rebuild?.state).toBe('done');
    });
    answered.push(await listed());

    expect(before).toHaveLength(3);
    for (const each of answered) expect(each).toEqual(before);
    expect(await untilRebuilt()).toEqual({
      state: 'done',
      dryRun: false,
      position,
      target: position,
      progress: 1,
      startedAt: expect.stringMatching(ISO_TIME),
      finishedAt: expect.stringMatching(ISO_TIME),
      error: null,
      comparison: NO_DIFFERENCE,
    });
    expect(await statusOf(here.operator, USER_VIEW)).toMatchObject({ position, lag: 0, handled: position });
  });

  it('finds changed, missing and additional rows, and corrects them', async () => {
    const before = await listed();
    const { username, email } = before.find(({ userId }) => userId === here.ann.userId)!;
    await tamper();
    expect((await listed()).map(({ userId }) => userId).toSorted()).toEqual(
      [PHANTOM, here.operator.userId, here.ann.userId].toSorted(),
    );

    await rebuild();
    const { comparison } = await untilRebuilt();

    expect(comparison).toEqual([{ table: 'user_view', added: 1, removed: 1, changed: 1, examples: expect.any(Array) }]);
    expect(comparison![0]!.examples).toEqual([
      {
        change: 'removed',
        key: { user_id: PHANTOM },
        before: expect.objectContaining({ user_id: PHANTOM, username: 'Nobody' }) as object,
        after: null,
      },
      {
        change: 'changed',
        key: { user_id: here.ann.userId },
        before: expect.objectContaining({ user_id: here.ann.userId, username: 'Mallory', email }) as object,
        after: expect.objectContaining({ user_id: here.ann.userId, username, email }) as object,
      },
      {
        change: 'added',
        key: { user_id: here.bob.userId },
        before: null,
        after: expect.objectContaining({ user_id: here.bob.userId, email: here.bob.email }) as object,
      },
    ]);
    expect(await listed()).toEqual(before);
  });

  it('can be requested twice, and again later', async () => {
    await rebuild();
    await rebuild();
    const first = await untilRebuilt();
    await tamper();

    await rebuild();
    const second = await eventually(async () => {
      const { rebuild: last } = await statusOf(here.operator, USER_VIEW);
      expect(last).toMatchObject({ state: 'done', comparison: [{ added: 1, removed: 1, changed: 1 }] });
      return last!;
    });

    expect(first.comparison).toEqual(NO_DIFFERENCE);
    expect(Date.parse(second.startedAt!)).toBeGreaterThanOrEqual(Date.parse(first.finishedAt!));
  });

  it('waits until a paused read model is resumed', async () => {
    await pauseWholly(here.operator, USER_VIEW);

    await rebuild();
    await rebuild();

    expect(await statusOf(here.operator, USER_VIEW)).toMatchObject({
      state: 'paused',
      rebuild: { state: 'requested', progress: 0, finishedAt: null, comparison: null },
    });
    await here.operator.post(`/subscriptions/${USER_VIEW}/resume`);
    expect((await untilRebuilt()).comparison).toEqual(NO_DIFFERENCE);
  });

  it('includes events that are written meanwhile', async () => {
    await rebuild();
    const { username } = someNames();
    const renamed = await here.ann.put(`${here.ann.path}/username`, { username });
    const carl = await here.app.customer();

    const { comparison } = await untilRebuilt();

    expect((await here.ann.get('/users/me', since(renamed))).body).toMatchObject({ username });
    expect((await carl.get('/users/me', since(carl.signedIn))).body).toMatchObject({ email: carl.email });
    expect(comparison).toEqual(NO_DIFFERENCE);
    expect((await listed()).find(({ userId }) => userId === here.ann.userId)).toMatchObject({ username });
  });

  /** One row changed, one removed, one added, without an event. */
  async function tamper(): Promise<void> {
    const run = (sql: string): Promise<unknown> => runSql(here.app.database.viewsUrl, sql);
    await run(`update user_view set username = 'Mallory' where user_id = '${here.ann.userId}'`);
    await run(`delete from user_view where user_id = '${here.bob.userId}'`);
    await run(
      `insert into user_view (user_id, username, username_key, email, email_key, roles, registered_at, version)
       select '${PHANTOM}', 'Nobody', 'nobody', email, email_key, roles, registered_at, 1
         from user_view where user_id = '${here.ann.userId}'`,
    );
  }
});
