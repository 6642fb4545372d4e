import { EventLog, type RecordedEvent, Retry, SideEffect } from '@leftfold/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventsHandler } from '@nestjs/cqrs';
import { Mailer } from '../../src/platform/mail/mailer.js';
import { SmtpMailer } from '../../src/platform/mail/smtp-mailer.js';
import { type MailBehavior, headerOf, MailServer, textOf } from '../../src/platform/testing/mail-server.js';
import { UserRegistered } from '../../src/users/events/user-registered.event.js';
import { WelcomeMailHandler } from '../../src/users/side-effects/welcome-mail/welcome-mail.handler.js';
import { until, WELCOME_MAIL } from '../operations/operating.js';
import { capturedLog } from '../support/captured-log.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Account, someNames } from '../support/people.js';
import { OPERATOR, TestApp, type TestAppOptions } from '../support/test-app.js';

const SENDER = 'hello@leftfold.example';

/** As in the application, except for the pauses between attempts. */
@SideEffect({ name: 'users.welcome-mail', startAt: 'now' })
@Retry({ attempts: 1_000, backoff: { first: 20, longest: 100 } })
@EventsHandler(UserRegistered)
class ImpatientWelcomeMail extends WelcomeMailHandler {}

describe('the welcome mail', () => {
  let database: TestDatabase;
  let server: MailServer;
  let apps: TestApp[];

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    server = await MailServer.start();
    apps = [];
    capturedLog.text = '';
  });

  afterEach(async () => {
    for (const app of apps) await app.close();
    await server.close();
    await database.drop();
  });

  async function startApp(env: Record<string, string> = {}, replace: TestAppOptions['replace'] = []): Promise<TestApp> {
    const impatient = { provide: WelcomeMailHandler, useClass: ImpatientWelcomeMail };
    const app = await TestApp.start(database, { LOG_LEVEL: 'info', ...env }, { replace: [impatient, ...replace] });
    apps.push(app);
    return app;
  }

  const startMailingApp = (url = server.url, replace?: TestAppOptions['replace']): Promise<TestApp> =>
    startApp({ SMTP_URL: url, MAIL_FROM: `Leftfold <${SENDER}>` }, replace);

  async function stop(app: TestApp): Promise<void> {
    apps.splice(apps.indexOf(app), 1);
    await app.close();
  }

  const timesAsked = ({ email }: Account): number => server.asked.filter((to) => to === email).length;
  const sourcesFor = ({ email }: Account): string[] => server.takenFor(email).map(({ source }) => source);

  it('goes once to every new user', async () => {
    const app = await startMailingApp();

    // Random names may look like a telephone number, and are not repeated then.
    const ann = await app.register({ username: 'Ann Example' });
    const bob = await app.register();
    await eventually(() => expect(sourcesFor(bob)).toHaveLength(1));

    expect(server.accepted.map(({ from, to }) => [from, to])).toEqual(
      [OPERATOR, ann, bob].map(({ email }) => [SENDER, email]),
    );
    const [mail] = sourcesFor(ann);
    const { eventId, recordedAt } = await registrationOf(app, ann);
    expect(headerOf(mail!, 'Subject')).toBe('Welcome to Leftfold');
    expect(headerOf(mail!, 'To')).toBe(ann.email);
    expect(headerOf(mail!, 'Message-ID')).toBe(`<welcome.${eventId}@leftfold.example>`);
    expect(Date.parse(headerOf(mail!, 'Date')!)).toBe(Math.trunc(recordedAt.getTime() / 1_000) * 1_000);
    expect(textOf(mail!)).toMatch(new RegExp(`^Hello ${ann.username},\r\n`));
    expect(textOf(mail!)).not.toContain(ann.password);
  });

  it('is not sent for a refused registration, or a change of name', async () => {
    const app = await startMailingApp();
    const ann = await app.customer();

    await app.anyone.post('/users', {
      username: ann.username,
      email: 'eve@example.com',
      password: ann.password,
    });
    await ann.put(`${ann.path}/email`, { email: `new.${ann.email}`, currentPassword: ann.password });
    const bob = await app.register();
    await eventually(() => expect(sourcesFor(bob)).toHaveLength(1));

    expect(server.accepted.map(({ to }) => to)).toEqual([OPERATOR.email, ann.email, bob.email]);
  });

  it('appears in no log line, and neither does the password of the server', async () => {
    const app = await startMailingApp(`smtp://ann:s3cret-word@127.0.0.1:${server.port}`);

    const ann = await app.register();
    await eventually(() => expect(sourcesFor(ann)).toHaveLength(1));

    expect(capturedLog.lines).toContainEqual(
      expect.objectContaining({ context: 'Mail', msg: `Mails go to smtp://127.0.0.1:${server.port}` }),
    );
    for (const word of ['s3cret-word', ann.email, ann.username, 'Hello ']) expect(capturedLog.text).not.toContain(word);
  });

  it('is delivered by a server that fails at times, and no mail waits for another', async () => {
    const app = await startMailingApp();
    const failing: MailBehavior[] = ['refuse', 'drop', 'take and drop'];
    const fates = new Map<string, MailBehavior[]>();
    let hopeless = '';
    server.behaviorFor = (to) => (to === hopeless ? 'refuse' : (fates.get(to)?.shift() ?? 'take'));

    const patient = someNames();
    hopeless = patient.email;
    const last = await app.register(patient);
    const unlucky: Account[] = [];
    for (const fate of failing) {
      const names = someNames();
      fates.set(names.email, [fate, fate]);
      unlucky.push(await app.register(names));
    }
    const lucky = [await app.register(), await app.register()];

    await eventually(() => {
      for (const each of [...unlucky, ...lucky]) expect(sourcesFor(each)).not.toHaveLength(0);
      for (const left of fates.values()) expect(left).toEqual([]);
      expect(timesAsked(last)).toBeGreaterThan(2);
    });
    expect(sourcesFor(last)).toEqual([]);
    hopeless = '';
    await eventually(() => expect(sourcesFor(last)).toHaveLength(1));

    await eventually(() => expect(unlucky.map((each) => sourcesFor(each).length)).toEqual([1, 1, 3]));
    expect(unlucky.map(timesAsked)).toEqual([3, 3, 3]);
    expect(lucky.map(timesAsked)).toEqual([1, 1]);
    for (const each of [...unlucky, ...lucky, last]) {
      const { eventId } = await registrationOf(app, each);
      expect(new Set(sourcesFor(each)).size).toBe(1);
      expect(headerOf(sourcesFor(each)[0]!, 'Message-ID')).toBe(`<welcome.${eventId}@leftfold.example>`);
    }
  });

  it('survives a server that is down, and the end of the process that tried', async () => {
    const before = await startMailingApp();
    await eventually(() => expect(server.accepted).toHaveLength(1));
    await server.close();
    const ann = await before.register();
    await eventually(() => expect(warnings().join()).toContain('it is parked'));
    // Why is for operators to see, because it may repeat the address.
    const operator = await before.operator();
    const lastError = expect.stringContaining('ECONNREFUSED') as string;
    await until(operator, WELCOME_MAIL, { parked: 1, lastError });
    expect(warnings().join()).not.toContain(ann.email);
    await stop(before);

    server = await MailServer.start();
    const after = await startMailingApp();

    await eventually(() => expect(sourcesFor(ann)).toHaveLength(1));
    expect(headerOf(sourcesFor(ann)[0]!, 'Message-ID')).toContain((await registrationOf(after, ann)).eventId);
    expect(server.accepted.map(({ to }) => to)).toEqual([ann.email]);
  });

  it('is sent in full by a process that is stopped while it sends', async () => {
    const before = await startMailingApp();
    server.behaviorFor = (to) => (to === OPERATOR.email ? 'take' : 'hang');
    const ann = await before.register();
    await eventually(() => expect(server.unanswered).toEqual([ann.email]));

    const stopped = stop(before);
    await eventually(() => expect(before.nest.getHttpServer().listening).toBe(false));
    server.goOn();
    await stopped;
    server.behaviorFor = () => 'take';
    const bob = await (await startMailingApp()).register();
    await eventually(() => expect(sourcesFor(bob)).toHaveLength(1));

    expect(warnings()).toEqual([]);
    expect([timesAsked(ann), sourcesFor(ann).length]).toEqual([1, 1]);
  });

  it('survives a process that is stopped while the server hangs, and does not delay the stop', async () => {
    const mailer = new SmtpMailer(
      { host: '127.0.0.1', port: server.port, secure: false },
      { name: 'Leftfold', address: SENDER },
      { silence: 600_000, mail: 600_000, shutdown: 50 },
    );
    const before = await startMailingApp(server.url, [{ provide: Mailer, useValue: mailer }]);
    server.behaviorFor = (to) => (to === OPERATOR.email ? 'take' : 'hang');
    const ann = await before.register();
    await eventually(() => expect(server.unanswered).toEqual([ann.email]));

    await stop(before);
    server.behaviorFor = () => 'take';
    await startMailingApp();

    await eventually(() => expect(sourcesFor(ann)).toHaveLength(1));
  });

  it('is written to a folder when no server is set', async () => {
    const app = await startApp();
    const folder = join(database.folder, 'outbox');

    const ann = await app.register();
    const file = `welcome.${(await registrationOf(app, ann)).eventId}.eml`;
    const mail = await eventually(() => readFile(join(folder, file), 'utf8'));

    expect(headerOf(mail, 'To')).toBe(ann.email);
    expect(headerOf(mail, 'From')).toBe('Leftfold <no-reply@localhost>');
    expect(textOf(mail)).toMatch(new RegExp(`^Hello ${ann.username},\r\n`));
    expect(await readdir(folder)).toHaveLength(2);
    expect(capturedLog.lines).toContainEqual(
      expect.objectContaining({ context: 'Mail', msg: expect.stringContaining(folder) }),
    );
  });
});

function warnings(): string[] {
  return capturedLog.lines.filter(({ level }) => level === 40).map(({ msg }) => String(msg));
}

async function registrationOf(app: TestApp, { userId }: Account): Promise<RecordedEvent> {
  for await (const event of app.nest.get(EventLog).readStream(`user-${userId}`, { limit: 1 })) return event;
  throw new Error('There is no such user.');
}
