import { Databases, EventLog, EventSerializer } from '@leftfold/core';
import { AsyncLocalStorage } from 'node:async_hooks';
import { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import { ChangeEmailCommand } from '../../src/users/commands/change-email/change-email.command.js';
import { SignInCommand } from '../../src/users/commands/sign-in/sign-in.command.js';
import { WrongCredentialsError } from '../../src/users/commands/sign-in/sign-in.errors.js';
import { PasswordHasher } from '../../src/users/credentials/password-hasher.js';
import { EmailChanged } from '../../src/users/events/email-changed.event.js';
import { someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { KeyRing } from '../../packages/core/src/personal-data/key-ring.js';

/** The work of one sign-in. */
interface Work {
  readonly statements: string[];
  hashes: number;
}

const EVENTS = 10_000;
const PAGE = 500;
/** Fewer wrong ones on an account than the delays need. */
const ROUNDS = 8;
const WRONG = 'wrong horse battery';

/** The work is counted for each sign-in separately. */
const running = new AsyncLocalStorage<Work>();

class CountingHasher extends PasswordHasher {
  override verify(expected: string, password: string): Promise<boolean> {
    const work = running.getStore();
    if (work) work.hashes += 1;
    return super.verify(expected, password);
  }
}

describe('the work of a sign-in', () => {
  let app: TestApp;
  const accounts = { unknown: someNames(), known: someNames(), long: someNames() };
  const userIds = { known: '', long: '' };
  const other = someNames().email;
  type Account = keyof typeof accounts;

  beforeAll(async () => {
    const hasher = new CountingHasher({ memoryCost: 8, timeCost: 1, parallelism: 1 });
    app = await TestApp.start('sqlite', { ROLE: 'api' }, { replace: [{ provide: PasswordHasher, useValue: hasher }] });
    for (const account of ['known', 'long'] as const) userIds[account] = (await app.register(accounts[account])).userId;
    await manyEvents(userIds.long);
    const { read, write } = app.nest.get(Databases).events;
    for (const source of [read, write.dataSource]) count(source);
    // The first right one stores a snapshot, as every user with this many events has one.
    for (const account of ['known', 'long'] as const) await signIn(account, accounts[account].password, 0);
  });

  afterAll(() => app.close());

  it('with a wrong password is the same for an unknown user, a user, and a user with 10,000 events', async () => {
    const works: Record<Account, Work[]> = { unknown: [], known: [], long: [] };
    for (let round = 1; round <= ROUNDS; round++) {
      for (const account of ['unknown', 'known', 'long'] as const) {
        works[account].push(await signIn(account, WRONG, round));
      }
    }

    const [first] = works.unknown;
    expect(first!.hashes).toBe(1);
    // The queries for the user, the password and the attempts, and the statement that counts the attempt.
    expect(first!.statements.filter((sql) => /credentials/.test(sql))).toHaveLength(1);
    expect(first!.statements.filter((sql) => /attempt_counts/.test(sql)).length).toBeGreaterThan(3);
    expect(works.known).toEqual(works.unknown);
    expect(works.long).toEqual(works.unknown);
  });

  it('with the right password does not grow with the events', async () => {
    const [known, long] = [await right('known'), await right('long')];

    expect(known.hashes).toBe(1);
    expect(long.hashes).toBe(1);
    expect(long.statements.length).toBeLessThanOrEqual(known.statements.length);
  });

  it('is as much for a change of address that changed to and fro 10,000 times', async () => {
    const change = async (account: keyof typeof userIds, email: string): Promise<number> => {
      const work: Work = { statements: [], hashes: 0 };
      const { password } = accounts[account];
      const command = new ChangeEmailCommand(userIds[account], email, password, '10.0.0.0', new Date());
      await running.run(work, () => app.nest.get(CommandBus).execute(command));
      return work.statements.filter((sql) => sql.includes('event_tags')).length;
    };

    const known = await change('known', someNames().email);

    expect(known).toBeGreaterThan(0);
    expect(await change('long', other)).toBe(known);
  });

  const right = (account: Account): Promise<Work> => signIn(account, accounts[account].password, 0);

  async function signIn(account: Account, password: string, place: number): Promise<Work> {
    const work: Work = { statements: [], hashes: 0 };
    // A user's key is remembered for a second. What counts is the work when it is not.
    app.nest.get(KeyRing).clear();
    const command = new SignInCommand(accounts[account].email, password, `10.0.0.${place}`, new Date());
    const outcome = await running
      .run(work, () => app.nest.get(CommandBus).execute(command))
      .catch((error: unknown) => error);
    if (password === WRONG) expect(outcome).toBeInstanceOf(WrongCredentialsError);
    else expect(outcome).toMatchObject({ userId: expect.any(String) });
    return work;
  }

  /** An address that changes back and forth: each event names it, so a search for the address could find all of them. */
  async function manyEvents(userId: string): Promise<void> {
    const [log, serializer] = [app.nest.get(EventLog), app.nest.get(EventSerializer)];
    const { email } = accounts.long;
    for (let done = 0; done < EVENTS; done += PAGE) {
      const events = Array.from({ length: PAGE }, (_, index) =>
        index % 2 === 0 ? new EmailChanged(userId, other, email) : new EmailChanged(userId, email, other),
      );
      await log.append([
        {
          stream: `user-${userId}`,
          expected: 'any',
          events: events.map((event) => serializer.toNewEvent(event, { actor: 'system', correlationId: 'past' })),
        },
      ]);
    }
  }
});

/** TypeORM passes every statement to its logger, even if that does not write it. Some statements contain times. */
function count(source: DataSource): void {
  const { logger } = source;
  const ignored = logger.logQuery.bind(logger);
  logger.logQuery = (sql, parameters, runner) => {
    running.getStore()?.statements.push(sql.replaceAll(/\b\d{13}\b/g, '<time>'));
    return ignored(sql, parameters, runner);
  };
}
