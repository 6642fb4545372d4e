import { join } from 'node:path';
import { type Answer, type Headers, since } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { OPERATOR, PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { someKey } from '../idempotency/keys.js';
import { expectLookUpsToFollow } from './support/expect-look-ups.js';
import { expectNoHoles } from '../../packages/core/test/faults/support/expect-log.js';
import { expectStoredOnce } from './support/keyed-commands.js';
import { KeyedLoad } from './support/keyed-load.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { seedOf } from '../../packages/core/test/faults/support/seed.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { canMountDisks, mountSmallDisk, type SmallDisk } from './support/small-disk.js';

/** Twice the 4 MiB of a write-ahead log at which SQLite begins to reuse it leaves half of it. */
const MEBIBYTES = 16;
const PEOPLE = 4;
/** Before the disk is full, and again afterwards. */
const COMMANDS = 10;
/** Many in a row, because the write-ahead log has room for some. */
const REFUSALS = 20;

const describeDisks = describeIf(canMountDisks(), 'A full disk needs Linux, and the right to mount one (root).');

describeDisks('when the disk is full', () => {
  const seed = seedOf('disk full');
  /** One disk for the log, and one for the read models. */
  let disks: { readonly log: SmallDisk; readonly views: SmallDisk };
  let url: string;
  let app: TestApp;
  let people: Person[];
  let operator: Person;
  let promoted: Person;
  let load: KeyedLoad;

  beforeAll(async () => {
    disks = { log: await mountSmallDisk(MEBIBYTES), views: await mountSmallDisk(MEBIBYTES) };
    url = `sqlite:${join(disks.log.folder, 'events.sqlite')}`;
    const database = {
      kind: 'sqlite',
      url,
      viewsUrl: `sqlite:${join(disks.views.folder, 'views.sqlite')}`,
      folder: await createScratchFolder('disks'),
      drop: () => Promise.resolve(),
    } as const;
    app = await TestApp.start(database, { READ_WAIT_LIMIT: '1s', RATE_LIMITS: 'off' });
    promoted = await app.customer();
    people = [];
    while (people.length < PEOPLE) people.push(await app.customer());
    operator = await app.signIn(OPERATOR);
    load = new KeyedLoad(people, seed);
  });

  afterAll(async () => {
    await app.close();
    await disks.log.unmount();
    await disks.views.unmount();
  });

  beforeEach(async () => {
    load.start(app);
    await load.succeed(COMMANDS);
  });

  it('of the log, then of the read models, too: commands are refused as busy, queries are answered, nothing is lost', async () => {
    const filled = [await disks.log.fill()];
    await load.beRefused(REFUSALS);
    await load.stop();
    await expectQueriesAnswered();
    // The read models catch up with the stored events.
    for (const person of people) {
      await eventually(async () => {
        const answer = await app.client(person.token).get('/users/me', since(lastOf(load)));
        expect(answer.status).toBe(200);
      });
    }

    filled.push(await disks.views.fill());
    await expectCommandsRefused();
    await expectQueriesAnswered();
    const acknowledged = new Map(load.succeeded);
    expectStoredOnce(await readLog(url, PERSONAL_DATA_KEY), acknowledged);

    await disks.log.makeRoom();
    await disks.views.makeRoom();
    await expectRecovery();
    seed.print(
      `${filled.join(' and ')} bytes taken away, ${acknowledged.size} commands acknowledged until then, ` +
        `${load.count.busy} told to come back, ${load.succeeded.size - acknowledged.size} after there was room again`,
    );
  });

  it('of the read models only: commands succeed, and queries answer old rows with their position', async () => {
    await disks.views.fill();
    const { busy } = load.count;
    // Projects as much as fits into the write-ahead log.
    const behind = await eventually(async () => {
      await load.succeed(COMMANDS);
      const answer = await app.client(people[0]!.token).get('/users/me', since(lastOf(load)));
      expect(answer.status).toBe(503);
      return answer;
    });
    expectProblem(behind, 503, 'read-model-behind');
    await load.stop();
    expect(load.count.busy).toBe(busy);
    await expectQueriesAnswered();

    await disks.views.makeRoom();
    await expectRecovery();
  });

  /** Commands of every kind, including those that write beside the log. */
  async function expectCommandsRefused(): Promise<void> {
    const [person] = people as [Person];
    const by = app.client(person.token);
    const commands: Record<string, () => Promise<Answer>> = {
      'a registration': () => app.client().post('/users', someNames()),
      'a sign-in': () => app.client().post('/sessions', { email: OPERATOR.email, password: OPERATOR.password }),
      'a change': () => by.put(`${person.path}/email`, { email: someNames().email, currentPassword: person.password }),
      // For another user: a new role would end the session.
      'a role': () => app.client(operator.token).put(`${promoted.path}/roles/operator`),
      'no change, with a key': () =>
        app.client(operator.token).put(`${operator.path}/username`, { username: 'olga' }, someKey()),
    };
    for (const [name, ask] of Object.entries(commands)) {
      // A small append may still find room, and takes it.
      await eventually(async () => {
        const answer = await ask();
        expect({ name, status: answer.status }).toEqual({ name, status: 503 });
        expectProblem(answer, 503, 'busy');
      });
    }
  }

  async function expectQueriesAnswered(): Promise<void> {
    const asked: [string, string, Headers?][] = [
      ['/users/me', people[0]!.token],
      [`${people[0]!.path}/history`, people[0]!.token],
      [`${people[0]!.path}?version=1`, people[0]!.token],
      ['/users', operator.token],
      ['/events?limit=10', operator.token],
      ['/health/live', ''],
    ];
    for (const [path, token] of asked) {
      const answer = await app.client(token || undefined).get(path);
      expect({ path, status: answer.status, text: answer.text }).toMatchObject({ path, status: 200 });
    }
  }

  /** The same process recovers by itself, and refused commands succeed with their key. */
  async function expectRecovery(): Promise<void> {
    await load.finish(app);
    load.start(app);
    await load.succeed(COMMANDS);
    await load.finish(app);
    const events = await readLog(url, PERSONAL_DATA_KEY);
    expectNoHoles(events);
    expectStoredOnce(events, load.succeeded);
    await expectNothingByHalves(url);

    await expectLookUpsToFollow(app, people, events);
    // Other read models may still pause after an error.
    await eventually(async () => expect((await app.client().get('/health/ready')).status).toBe(200));
    const renewed = await app.customer();
    expect(placeOf(renewed.signedIn).position).toBe(events.length + 2);
  }

  async function expectNothingByHalves(url: string): Promise<void> {
    expect(await runSql(url, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const [events] = await runSql(
      url,
      `select count(*) as untagged from leftfold_events e
        where e.type in ('users.user-registered', 'users.email-changed', 'users.username-changed')
          and (select count(*) from leftfold_event_tags t where t.position = e.position) < 2`,
    );
    expect(events).toEqual({ untagged: 0 });
    const [others] = await runSql(
      url,
      `select (select count(*) from leftfold_event_tags where position not in (select position from leftfold_events)) as tags,
              (select count(*) from leftfold_commands where position not in (select position from leftfold_events)) as commands,
              (select count(*) from leftfold_events e where e.type = 'users.user-registered' and not exists
                (select 1 from credentials c where e.stream = 'user-' || c.user_id)) as registered`,
    );
    expect(others).toEqual({ tags: 0, commands: 0, registered: 0 });
  }
});

function lastOf({ succeeded }: KeyedLoad): Answer {
  return [...succeeded.values()].reduce((last, each) =>
    placeOf(each).position > placeOf(last).position ? each : last,
  );
}
