import { eventually } from '../../../packages/core/test/support/eventually.js';
import { readMail } from '../config/mail-variables.js';
import { Variables } from '../config/variables.js';
import { type MailBehavior, headerOf, MailServer, startSilentServer, textOf } from '../testing/mail-server.js';
import type { Mail } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

const MAIL: Mail = {
  id: 'test.1',
  to: 'ann@example.com',
  subject: 'A subject',
  text: 'Hello Ann.\n',
  date: new Date('2026-01-31T12:00:00.000Z'),
};
const LONG = 600_000;
const PATIENT = { silence: LONG, mail: LONG, shutdown: LONG };

let server: MailServer;
let mailers: SmtpMailer[];

beforeEach(async () => {
  server = await MailServer.start();
  mailers = [];
});

afterEach(async () => {
  for (const mailer of mailers) mailer.onApplicationShutdown();
  await server.close();
});

function mailerTo(url: string, limits: Partial<typeof PATIENT> = {}): SmtpMailer {
  const env: Record<string, string> = { SMTP_URL: url, MAIL_FROM: 'Leftfold <no-reply@leftfold.example>' };
  const settings = readMail(new Variables((name) => env[name]), 'test');
  const mailer = new SmtpMailer(settings.server!, settings.from, { ...PATIENT, ...limits });
  mailers.push(mailer);
  return mailer;
}

it('sends the mail', async () => {
  await mailerTo(server.url).send(MAIL);

  expect(server.accepted).toEqual([
    { from: 'no-reply@leftfold.example', to: 'ann@example.com', source: expect.stringContaining('Subject: A subject') },
  ]);
  expect(headerOf(server.accepted[0]!.source, 'Message-ID')).toBe('<test.1@leftfold.example>');
  expect(textOf(server.accepted[0]!.source)).toBe('Hello Ann.\r\n');
});

it('keeps a connection for later mails, and closes it at the end', async () => {
  const mailer = mailerTo(server.url);

  for (const id of ['1', '2', '3']) await mailer.send({ ...MAIL, id });
  expect([server.accepted.length, server.connections, server.connected]).toEqual([3, 1, 1]);
  mailer.onApplicationShutdown();

  await eventually(() => expect(server.connected).toBe(0));
  await expect(mailer.send(MAIL)).rejects.toThrow(/closed/);
});

describe.each([
  ['refuses the mail for now', 'refuse', /Not now/, 0],
  ['breaks off', 'drop', /closed/, 0],
  ['accepts the mail, and disconnects before it says so', 'take and drop', /closed/, 1],
] as const)('when the server %s', (_what, fate, message, taken) => {
  it('rejects, and sends the same bytes on a retry', async () => {
    const mailer = mailerTo(server.url);
    const fates: MailBehavior[] = [fate, fate];
    server.behaviorFor = () => fates.shift() ?? 'take';

    await expect(mailer.send(MAIL)).rejects.toThrow(message);
    await expect(mailer.send(MAIL)).rejects.toThrow(message);
    expect([server.asked.length, server.accepted.length]).toEqual([2, 2 * taken]);
    await mailer.send(MAIL);

    expect(server.asked).toHaveLength(3);
    expect(server.accepted).toHaveLength(2 * taken + 1);
    expect(new Set(server.accepted.map(({ source }) => source)).size).toBe(1);
  });

  it('sends other mails meanwhile', async () => {
    const mailer = mailerTo(server.url);
    server.behaviorFor = (to) => (to === MAIL.to ? fate : 'take');

    const outcomes = await Promise.allSettled([
      mailer.send(MAIL),
      ...['bob', 'cleo', 'dan'].map((name) => mailer.send({ ...MAIL, to: `${name}@example.com` })),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    for (const name of ['bob', 'cleo', 'dan']) expect(server.takenFor(`${name}@example.com`)).toHaveLength(1);
  });
});

it('rejects when no server listens', async () => {
  const { url } = server;
  await server.close();

  await expect(mailerTo(url).send(MAIL)).rejects.toThrow(/ECONNREFUSED/);
});

it('rejects when there is no greeting, after one attempt', async () => {
  let knocks = 0;
  const wordless = await startSilentServer((socket) => {
    knocks += 1;
    socket.end();
  });
  try {
    await expect(mailerTo(wordless.url).send(MAIL)).rejects.toThrow(/closed/);
    expect(knocks).toBe(1);
  } finally {
    await wordless.close();
  }
});

describe('a server that hangs', () => {
  it('times out when it says nothing', async () => {
    const wordless = await startSilentServer(() => undefined);
    try {
      // On a busy machine the time is over before the connection is made.
      await expect(mailerTo(wordless.url, { silence: 50 }).send(MAIL)).rejects.toThrow(
        /Greeting never received|timeout/i,
      );
    } finally {
      await wordless.close();
    }
  });

  it('times out when it falls silent', async () => {
    server.behaviorFor = () => 'hang';

    // Long enough for the greeting, which the server delays, and for a machine that stands still meanwhile.
    await expect(mailerTo(server.url, { silence: 4_000 }).send(MAIL)).rejects.toThrow(/timeout/i);
    expect(server.asked).toHaveLength(1);
  });

  it('times out when it takes too long in total', async () => {
    server.behaviorFor = () => 'hang';

    await expect(mailerTo(server.url, { mail: 50 }).send(MAIL)).rejects.toThrow(/aborted/);
  });

  it('does not delay a shutdown', async () => {
    server.behaviorFor = () => 'hang';
    const mailer = mailerTo(server.url, { shutdown: 50 });
    const sending = mailer.send(MAIL);
    await eventually(() => expect(server.asked).toHaveLength(1));

    mailer.onModuleDestroy();

    await expect(sending).rejects.toThrow(/closed/);
    await eventually(() => expect(server.connected).toBe(0));
  });
});

it('a shutdown waits for a mail that is being sent', async () => {
  const mailer = mailerTo(server.url);
  const sending = mailer.send(MAIL);

  mailer.onModuleDestroy();

  await sending;
  expect(server.accepted).toHaveLength(1);
});

describe('signing in', () => {
  async function demandPassword(): Promise<void> {
    await server.close();
    server = await MailServer.start({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'ann@leftfold' && password === 'p:a/s%s') done(null, { user: username });
        else done(new Error('Wrong'));
      },
    });
  }

  it('uses the user and the password of the URL', async () => {
    await demandPassword();

    await mailerTo(`smtp://ann%40leftfold:p%3Aa%2Fs%25s@127.0.0.1:${server.port}`).send(MAIL);

    expect(server.accepted).toHaveLength(1);
  });

  it('rejects when they are wrong, without repeating them', async () => {
    await demandPassword();

    const failure = await mailerTo(`smtp://ann:s3cret-word@127.0.0.1:${server.port}`)
      .send(MAIL)
      .catch((error: unknown) => error as Error);

    expect(failure).toBeInstanceOf(Error);
    expect(`${(failure as Error).message} ${(failure as Error).stack} ${JSON.stringify(failure)}`).not.toContain(
      's3cret',
    );
    expect(server.accepted).toHaveLength(0);
  });
});

it.each([
  ['from the start', 'smtps', { secure: true }],
  ['where the server offers it', 'smtp', { disabledCommands: [] }],
])('starts TLS %s', async (_when, scheme, options) => {
  let encrypted: boolean | undefined;
  await server.close();
  server = await MailServer.start({
    ...options,
    onMailFrom: (_address, { secure }, done) => {
      encrypted = secure;
      done();
    },
  });

  await mailerTo(`${scheme}://127.0.0.1:${server.port}`).send(MAIL);

  expect([server.accepted.length, encrypted]).toEqual([1, true]);
});
