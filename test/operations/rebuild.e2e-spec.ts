import type { RebuildAnswer } from '../../src/operations/rebuild.answer.js';
import type { UserAnswer } from '../../src/users/user.answer.js';
import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { ISO_TIME } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted, pauseWholly, statusOf, until, USER_VIEW } from './operating.js';

/** Somebody whom no event made. Sorts before everybody who has registered. */
const PHANTOM = '01890a5d-ac96-774b-bcce-b302099a8057';
const NO_DIFFERENCE = [{ table: 'user_view', added: 0, removed: 0, changed: 0, examples: [] }];

describe.each(DATABASE_KINDS)('the rebuild of a read model on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let bob: Person;

  beforeEach(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    bob = await app.customer();
    for (let change = 0; change < 10; change++) await ann.put(`${ann.path}/email`, { email: someNames().email });
    await app.caughtUpWith(await bob.put(`${bob.path}/username`, { username: someNames().username }));
    await until(operator, USER_VIEW, { state: 'live', position: await app.head(), rebuild: null });
  });

  afterEach(() => app.close());

  const listed = async (): Promise<UserAnswer[]> =>
    ((await operator.get('/users?limit=200')).body as { items: UserAnswer[] }).items;

  const rebuild = async (): Promise<void> =>
    expectAccepted(await operator.post(`/subscriptions/${USER_VIEW}/rebuild`), { name: USER_VIEW });

  const untilRebuilt = async (): Promise<RebuildAnswer> => {
    const done = expect.objectContaining({ state: 'done' }) as RebuildAnswer;
    return (await until(operator, USER_VIEW, { state: 'live', rebuild: done })).rebuild!;
  };

  it('makes the same rows, and is not seen by those who ask', async () => {
    const before = await listed();
    const position = await app.head();
    const answered: UserAnswer[][] = [];

    await rebuild();
    await eventually(async () => {
      answered.push(await listed());
      expect((await statusOf(operator, USER_VIEW)).rebuild?.state).toBe('done');
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
    expect(await statusOf(operator, USER_VIEW)).toMatchObject({ position, lag: 0, handled: position });
  });

  it('takes in what is written meanwhile', async () => {
    await rebuild();
    const { username } = someNames();
    const renamed = await ann.put(`${ann.path}/username`, { username });
    const carl = await app.customer();

    const { comparison } = await untilRebuilt();

    expect((await ann.get('/users/me', since(renamed))).body).toMatchObject({ username });
    expect((await carl.get('/users/me', since(carl.signedIn))).body).toMatchObject({ email: carl.email });
    expect(comparison).toEqual(NO_DIFFERENCE);
    expect((await listed()).find(({ userId }) => userId === ann.userId)).toMatchObject({ username });
  });

  it('finds rows that somebody changed, removed or added, and puts them right', async () => {
    const before = await listed();
    const { username, email } = before.find(({ userId }) => userId === ann.userId)!;
    await tamper();
    expect((await listed()).map(({ userId }) => userId).toSorted()).toEqual(
      [PHANTOM, operator.userId, ann.userId].toSorted(),
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
        key: { user_id: ann.userId },
        before: expect.objectContaining({ user_id: ann.userId, username: 'Mallory', email }) as object,
        after: expect.objectContaining({ user_id: ann.userId, username, email }) as object,
      },
      {
        change: 'added',
        key: { user_id: bob.userId },
        before: null,
        after: expect.objectContaining({ user_id: bob.userId, email: bob.email }) as object,
      },
    ]);
    expect(await listed()).toEqual(before);
  });

  it('can be asked for twice, and again later', async () => {
    await rebuild();
    await rebuild();
    const first = await untilRebuilt();
    await tamper();

    await rebuild();
    const second = await eventually(async () => {
      const { rebuild: last } = await statusOf(operator, USER_VIEW);
      expect(last).toMatchObject({ state: 'done', comparison: [{ added: 1, removed: 1, changed: 1 }] });
      return last!;
    });

    expect(first.comparison).toEqual(NO_DIFFERENCE);
    expect(Date.parse(second.startedAt!)).toBeGreaterThanOrEqual(Date.parse(first.finishedAt!));
  });

  it('waits until a paused read model is resumed', async () => {
    await pauseWholly(operator, USER_VIEW);

    await rebuild();
    await rebuild();

    expect(await statusOf(operator, USER_VIEW)).toMatchObject({
      state: 'paused',
      rebuild: { state: 'requested', progress: 0, finishedAt: null, comparison: null },
    });
    await operator.post(`/subscriptions/${USER_VIEW}/resume`);
    expect((await untilRebuilt()).comparison).toEqual(NO_DIFFERENCE);
  });

  /** One row changed, one removed, one added, behind the application's back. */
  async function tamper(): Promise<void> {
    const run = (sql: string): Promise<unknown> => runSql(app.database.viewsUrl, sql);
    await run(`update user_view set username = 'Mallory' where user_id = '${ann.userId}'`);
    await run(`delete from user_view where user_id = '${bob.userId}'`);
    await run(
      `insert into user_view (user_id, username, username_key, email, email_key, roles, registered_at, version)
       select '${PHANTOM}', 'Nobody', 'nobody', email, email_key, roles, registered_at, 1
         from user_view where user_id = '${ann.userId}'`,
    );
  }
});
