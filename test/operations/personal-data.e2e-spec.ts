import { Databases } from '@leftfold/core';
import { EventBus } from '@nestjs/cqrs';
import { Mailer } from '../../src/platform/mail/mailer.js';
import { RegisterUserHandler } from '../../src/users/commands/register-user/register-user.handler.js';
import type { UserEvent } from '../../src/users/events/user.events.js';
import { UserViewProjection } from '../../src/users/read-models/user-view/user-view.projection.js';
import { capturedLog } from '../support/captured-log.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { allRows } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { USER_VIEW, until, WELCOME_MAIL } from './operating.js';

const MARKED = {
  username: 'Zorbadine Quuxley',
  email: 'zorbadine.quuxley@example.com',
  password: 'quuxley horse battery',
};
const MARK = /zorbadine|quuxley/i;

/** Where errors are stored. The log, read models and mails contain people's names because that is their purpose. */
const NOTES = /(parked_events|subscriptions|saga_commands|read_model|rebuild)/;

class RefusingMailer extends Mailer {
  override send({ to, text }: Parameters<Mailer['send']>[0]): Promise<void> {
    return Promise.reject(new Error(`550 5.1.1 ${to}: no mailbox for "${/\w+ Quuxley/.exec(text)?.[0] ?? to}"`));
  }
}

describe.each(DATABASE_KINDS)('on %s, errors with personal data', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    const mailer = new RefusingMailer();
    app = await TestApp.start(kind, { LOG_LEVEL: 'trace' }, { replace: [{ provide: Mailer, useValue: mailer }] });
  });

  afterAll(() => app.close());

  const expectNoMark = async (): Promise<void> => {
    expect(capturedLog.lines.map((line) => JSON.stringify(line)).filter((line) => MARK.test(line))).toEqual([]);
    const rows = [...(await allRows(app.database))].filter(([name]) => NOTES.test(name));
    expect(rows.length).toBeGreaterThan(2);
    expect(JSON.stringify(rows)).not.toMatch(MARK);
    const operator = await app.operator();
    for (const path of ['/subscriptions?limit=200', '/dead-letters']) {
      expect((await operator.get(path)).text).not.toMatch(MARK);
    }
  };

  it('are stored without it: side effects, read models, observers', async () => {
    const { views } = app.nest.get(Databases);
    const view = app.nest.get(UserViewProjection);
    const handle = view.handle.bind(view);
    const observer = app.nest.get(EventBus).subscribe((event) => {
      throw new Error(`observed ${(event as { username?: string }).username ?? 'nobody'}`);
    });
    view.handle = async (event: UserEvent, ...more) => {
      if (event.type !== 'users.user-registered') return handle(event, ...more);
      if (kind === 'postgres') await views.read.query('select cast($1 as integer)', [`${event.username}!`]);
      JSON.parse(`${event.username} has no place`);
    };
    const operator = await app.operator();
    await app.anyone.post('/users', MARKED);

    const stopped = await until(operator, USER_VIEW, { state: 'stopped' });
    const noMail = await until(operator, WELCOME_MAIL, { parked: 2 });
    observer.unsubscribe();
    await eventually(() => expect(capturedLog.text.includes('An observer failed: observed')).toBe(true));

    expect(stopped.lastError).toMatch(
      kind === 'postgres' ? /invalid input syntax for type integer: "\[data\]"/ : /\[data\] is not valid JSON/,
    );
    expect(stopped.lastError).toContain('users.user-registered at position');
    expect(noMail.lastError).toMatch(/^550 5\.1\.1 \[address\]: no mailbox for "\[(data|address)\]"/);
    await expectNoMark();
    view.handle = handle;
    await operator.post(`/subscriptions/${USER_VIEW}/resume`);
    await until(operator, USER_VIEW, { state: 'live' });
  });

  it('are logged without it: requests', async () => {
    const handler = app.nest.get(RegisterUserHandler);
    const execute = handler.execute.bind(handler);
    handler.execute = ({ username, email, password }) =>
      Promise.reject(new TypeError(`can't take ${username} <${email}> ${password}`, { cause: new Error(username) }));
    const failed = await app.anyone.post('/users', MARKED);
    handler.execute = execute;

    expectProblem(failed, 500, 'internal-error');
    expect(failed.text).not.toMatch(MARK);
    expect((await app.anyone.get(`/users/${encodeURIComponent(MARKED.email)}`)).status).toBe(401);
    await eventually(() => expect(capturedLog.text.includes(`can't take [data] <[address]> [data]`)).toBe(true));
    expect(capturedLog.lines).toContainEqual(
      expect.objectContaining({ err: expect.objectContaining({ type: 'TypeError' }) }),
    );
    await expectNoMark();
  });

  it('the test finds its mark where it is', () => {
    expect(MARKED.username).toMatch(MARK);
    expect(MARKED.email).toMatch(MARK);
    expect(MARKED.password).toMatch(MARK);
  });
});
