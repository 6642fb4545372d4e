import { randomInt } from 'node:crypto';
import { SignInDelay } from '../../src/users/credentials/sign-in-delay.js';
import type { Answer } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Names, someNames } from '../support/people.js';
import { mailsIn } from '../support/mails.js';
import { makeAttemptsOlder, runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

type Login = Pick<Names, 'email' | 'password'>;

const WRONG = 'quite another word';
const MINUTE = 60_000;

/** Records the delay of each sign-in. */
class NotedDelay extends SignInDelay {
  readonly waits: number[] = [];

  override async wait(ms: number): Promise<void> {
    this.waits.push(ms);
  }
}

describe.each(DATABASE_KINDS)('sign-in limits on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let other: TestApp;
  const delay = new NotedDelay();

  beforeAll(async () => {
    database = await createAppDatabase(kind);
    // Lets a test set the address of a request.
    const options = { replace: [{ provide: SignInDelay, useValue: delay }] };
    app = await TestApp.start(database, { TRUST_PROXY: 'true' }, options);
    other = await TestApp.start(database, { TRUST_PROXY: 'true' }, options);
  });

  afterAll(async () => {
    await app.close();
    await other.close();
    await database.drop();
  });

  const signIn = ({ email, password }: Login, address: string, on = app): Promise<Answer> =>
    on.anyone.post('/sessions', { email, password }, { 'x-forwarded-for': address });
  const wrongAtOnce = (count: number, emailOf: () => string, addressOf: () => string): Promise<Answer[]> =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        signIn({ email: emailOf(), password: WRONG }, addressOf(), at % 2 ? app : other),
      ),
    );

  async function wrongTimes(times: number, email: string, address: string): Promise<void> {
    for (let time = 0; time < times; time++) {
      expectProblem(await signIn({ email, password: WRONG }, address), 401, 'wrong-credentials');
    }
  }

  it('throttle an account after 10 wrong sign-ins, from that address only, also for the right password, on every node', async () => {
    const [ann, bob, address] = [await app.register(), await app.register(), somewhere()];
    await wrongTimes(10, ann.email, address);

    await expectNothingStored(app, async () => {
      for (const login of [{ ...ann, password: WRONG }, ann, { ...ann, email: ` ${ann.email.toUpperCase()}` }]) {
        expectThrottled(await signIn(login, address), 15 * MINUTE);
        expectThrottled(await signIn(login, address, other), 15 * MINUTE);
      }
    });
    expect((await signIn(ann, somewhere())).status).toBe(201);
    expectThrottled(await signIn(ann, address), 15 * MINUTE);
    expect((await signIn(bob, address)).status).toBe(201);
  });

  it('let the passwords of 10 of 30 concurrent wrong sign-ins on two nodes be checked', async () => {
    const [{ email }, address] = [await app.register(), somewhere()];

    const answers = await wrongAtOnce(
      30,
      () => email,
      () => address,
    );

    const throttled = answers.filter(({ status }) => status === 429);
    for (const answer of throttled) expectThrottled(answer, 15 * MINUTE);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(throttled).toHaveLength(20);
  });

  it('don’t count right ones, even when many are concurrent', async () => {
    const [ann, address] = [await app.register(), somewhere()];

    const answers = await Promise.all(Array.from({ length: 15 }, () => signIn(ann, address)));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 15 }, () => 201));
  });

  // The counting is the same on both.
  if (kind !== 'sqlite') return;

  it('start again after a right one', async () => {
    const [ann, address] = [await app.register(), somewhere()];
    await wrongTimes(9, ann.email, address);

    expect((await signIn(ann, address)).status).toBe(201);

    await wrongTimes(10, ann.email, address);
    expectThrottled(await signIn(ann, address), 15 * MINUTE);
  });

  it('throttle an address after 50 wrong ones, for any account', async () => {
    const [ann, bob, address] = [await app.register(), await app.register(), somewhere()];
    expect((await signIn(bob, address)).status).toBe(201);

    const answers = await wrongAtOnce(
      54,
      () => someNames().email,
      () => address,
    );

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expectThrottled(await signIn(ann, address), 15 * MINUTE);
    expect((await signIn(ann, somewhere())).status).toBe(201);
    // Many users may share an address: an account that has signed in from there before is not blocked.
    expect((await signIn(bob, address, other)).status).toBe(201);
  });

  it('delay an account after wrong ones from anywhere, whether it exists or not, and notify the user once', async () => {
    const [ann, nobody] = [await app.register(), someNames()];
    const waitsOf = async (email: string): Promise<number[]> => {
      delay.waits.length = 0;
      for (let time = 0; time < 22; time++) {
        expectProblem(await signIn({ email, password: WRONG }, somewhere()), 401, 'wrong-credentials');
      }
      return delay.waits.slice();
    };

    const waits = await waitsOf(ann.email);
    expect(waits.slice(0, 12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 250, 500]);
    expect(waits.at(-1)).toBe(4_000);
    expect(await waitsOf(nobody.email)).toEqual(waits);
    expect((await signIn(ann, somewhere())).status).toBe(201);

    const mails = await eventually(async () => {
      const found = await mailsIn(database, 'Wrong sign-ins');
      expect(found).toHaveLength(1);
      return found;
    });
    expect(mails[0]).toContain(`To: ${ann.email}`);
  });

  it('return when the oldest wrong one expires, and stop counting it then', async () => {
    const [ann, address] = [await app.register(), somewhere()];
    await wrongTimes(10, ann.email, address);

    await letTimePass(12 * MINUTE);
    expectThrottled(await signIn(ann, address), 3 * MINUTE);

    await letTimePass(3 * MINUTE);
    expect((await signIn(ann, address)).status).toBe(201);
  });

  it('throttle an unknown account in the same way, and store neither accounts nor addresses in the clear', async () => {
    const { email } = someNames();
    await wrongTimes(10, email, '203.0.113.77');

    expectThrottled(await signIn({ email, password: WRONG }, '203.0.113.77'), 15 * MINUTE);
    const rows = JSON.stringify(await runSql(database.url, 'select * from attempt_counts'));
    expect(rows).toContain('account');
    expect(rows).not.toMatch(/@|203\.0\.113/);
  });

  function letTimePass(milliseconds: number): Promise<unknown> {
    return makeAttemptsOlder(database.url, milliseconds);
  }
});

it('RATE_LIMITS=off throttles no request', async () => {
  const unlimited = await TestApp.start('sqlite', { RATE_LIMITS: 'off' });
  const { email } = await unlimited.register();

  const answers = await Promise.all(
    Array.from({ length: 52 }, () => unlimited.anyone.post('/sessions', { email, password: WRONG })),
  );
  await unlimited.close();

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 52 }, () => 401));
});

/** An address that no other test uses. */
function somewhere(): string {
  return `2001:db8::${randomInt(0x10000).toString(16)}:${randomInt(0x10000).toString(16)}`;
}

function expectThrottled(answer: Answer, longest: number): void {
  expectProblem(answer, 429, 'too-many-requests', { instance: '/sessions' });
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeLessThanOrEqual(longest / 1_000);
  expect(seconds).toBeGreaterThan(longest / 1_000 - 60);
}
