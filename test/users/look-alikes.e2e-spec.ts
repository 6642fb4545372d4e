import { EventLog } from '@leftfold/core';
import { randomBytes } from 'node:crypto';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { NOBODY, someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';

/** A name and one that looks like it: the first letter is Latin, or Cyrillic. */
function twins(): [name: string, twin: string] {
  const word = randomBytes(5).toString('hex');
  return [`a${word}`, `а${word}`];
}

describe.each(DATABASE_KINDS)('names on %s', (kind) => {
  const here = useApp(kind);

  it('that look like another user’s are refused, at a registration and at a change', async () => {
    const [username, twin] = twins();
    const ann = await here.app.customer({ username });

    for (const name of [twin, twin.toUpperCase()]) {
      const refused = await expectNothingStored(here.app, () =>
        here.app.anyone.post('/users', { ...someNames(), username: name }),
      );
      expectProblem(refused, 409, 'username-too-similar');
      expectProblem(await here.bob.change('username', name), 409, 'username-too-similar');
    }
    expect((await ann.change('username', twin)).status).toBe(200);
    expectProblem(await here.bob.change('username', username), 409, 'username-too-similar');
    expect((await ann.change('username', someNames().username)).status).toBe(200);
    expect((await here.bob.change('username', username)).status).toBe(200);
  });

  it('that look alike go to one of many concurrent requests', async () => {
    const [username, twin] = twins();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        here.app.anyone.post('/users', { ...someNames(), username: at % 2 ? username : twin }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  });

  it('look like those that were stored before looks were tags', async () => {
    const [username, twin] = twins();
    const { email } = someNames();
    await here.app.nest.get(EventLog).append([
      {
        stream: `user-${NOBODY}`,
        expected: 0,
        events: [
          {
            type: 'users.user-registered',
            data: { userId: NOBODY, username, email },
            tags: [
              { name: 'username', value: username },
              { name: 'email', value: email },
            ],
          },
        ],
      },
    ]);
    await eventually(async () =>
      expect(
        await runSql(here.app.database.viewsUrl, `select * from user_view where user_id = '${NOBODY}'`),
      ).toHaveLength(1),
    );

    const refused = await here.app.anyone.post('/users', { ...someNames(), username: twin });
    expectProblem(refused, 409, 'username-too-similar');
  });

  it('of domains are compared in their IDNA form, also at sign-in and in searches', async () => {
    const word = randomBytes(5).toString('hex');
    const [unicode, ascii] = [`ann.${word}@müller.example`, `Ann.${word}@XN--Mller-Kva.example`];
    const ann = await here.app.register({ email: unicode });

    expectProblem(await here.app.anyone.post('/users', { ...someNames(), email: ascii }), 409, 'email-taken');
    await here.app.caughtUpWith((await here.app.signIn({ ...ann, email: ascii })).signedIn);
    const { body } = await here.operator.get(`/users?email=${encodeURIComponent(ascii)}`);
    expect(body).toMatchObject({ items: [{ userId: ann.userId, email: unicode }] });
  });
});
