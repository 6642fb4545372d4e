import { headerOf, MailServer } from '../../src/platform/testing/mail-server.js';
import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import { createAppDatabase } from '../support/app-database.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { someNames } from '../support/people.js';
import { OPERATOR, PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { ServedApp } from '../support/served-app.js';

const PEOPLE = 3;
const LIMIT = 30_000;

let main: string;

beforeAll(async () => {
  main = (await builtApp()).main;
});

// `leases.faults-spec.ts` proves what differs between the databases when a side effect is killed.
describe.each([
  ['sqlite', 'before the server has it', 'hang', 1],
  ['postgres', 'after the server has it, before it confirms', 'take and hang', 2],
] as const)('an app on %s that is killed while it sends a mail: %s', (kind, _what, fate, copies) => {
  let database: TestDatabase;
  let server: MailServer;
  let survivor: TestApp | undefined;

  beforeEach(async () => {
    database = await createAppDatabase(kind);
    server = await MailServer.start();
  });

  afterEach(async () => {
    await killLeftovers();
    await survivor?.close();
    await server.close();
    await database.drop();
  });

  const settings = () => ({ SMTP_URL: server.url, LEASE_TTL: '1s' });

  it('sends every user’s mail, and a duplicate has the same id', async () => {
    const people = Array.from({ length: PEOPLE }, someNames);
    const unlucky = people[1]!.email;
    const before = await ServedApp.start(main, database, settings());
    server.behaviorFor = (to) => (to === unlucky ? fate : 'take');
    for (const names of people) expect((await before.client().post('/users', names)).status).toBe(201);
    await eventually(() => expect(server.unanswered).toEqual([unlucky]), LIMIT);
    expect(await before.process.kill()).toMatchObject({ signal: 'SIGKILL' });

    server.behaviorFor = () => 'take';
    survivor = await TestApp.start(database, settings());

    const everybody = [OPERATOR, ...people].map(({ email }) => email);
    await eventually(() => expect(new Set(server.accepted.map(({ to }) => to))).toEqual(new Set(everybody)), LIMIT);
    await eventually(() => expect(server.takenFor(unlucky)).toHaveLength(copies), LIMIT);
    const ids = new Map(
      (await readLog(database.url, PERSONAL_DATA_KEY)).map(({ data, eventId }) => [data.email, eventId]),
    );
    for (const email of everybody) {
      const sources = new Set(server.takenFor(email).map(({ source }) => source));
      expect([...sources].map((source) => headerOf(source, 'Message-ID'))).toEqual([
        `<welcome.${ids.get(email)}@localhost>`,
      ]);
    }
  });
});
