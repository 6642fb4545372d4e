import { AggregateRepository, Databases, EventLog } from '@leftfold/core';
import { v7 as uuidv7 } from 'uuid';
import { Credentials } from '../../src/users/credentials/credentials.js';
import { NamePasswords1750001000000 } from '../../src/users/migrations/events/1750001000000-name-passwords.js';
import { CountAttempts1750001100000 } from '../../src/users/migrations/events/1750001100000-count-attempts.js';
import { AddLooks1750001100000 } from '../../src/users/migrations/views/1750001100000-add-looks.js';
import { PasswordCost } from '../../src/users/credentials/password-cost.js';
import { PasswordHasher } from '../../src/users/credentials/password-hasher.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { runSql, usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

const MINUTE = 60_000;

describe.each(DATABASE_KINDS)('password hashes on %s', (kind) => {
  let app: TestApp;
  /** At the cost of the application, unlike those of the tests' application. */
  let credentials: Credentials;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    credentials = new Credentials(
      app.nest.get(Databases),
      app.nest.get(EventLog),
      app.nest.get(AggregateRepository),
      new PasswordHasher(new PasswordCost()),
    );
  });

  afterAll(() => app.close());

  const hashOf = async (userId: string): Promise<unknown> =>
    (await runSql(app.database.url, `select password_hash from credentials where user_id = '${userId}'`))[0]
      ?.password_hash;

  it('are Argon2id at the chosen cost, and replace one another', async () => {
    const userId = uuidv7();
    await credentials.put(userId, 'a first password');
    await credentials.put(userId, 'another password');

    expect(await hashOf(userId)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await credentials.verify(userId, 'another password')).toMatchObject({ right: true });
    expect(await credentials.verify(userId, 'a first password')).toMatchObject({ right: false });
  });

  it('take as long to compare for an unknown user as for a wrong password', async () => {
    const userId = uuidv7();
    await credentials.put(userId, 'the right password');
    const known: number[] = [];
    const unknown: number[] = [];

    for (let round = 0; round < 7; round++) {
      known.push(await cpuTimeOf(() => credentials.verify(userId, 'a wrong password')));
      unknown.push(await cpuTimeOf(() => credentials.verify(undefined, 'a wrong password')));
    }

    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3);
  });

  it('are deleted again unless the user is registered', async () => {
    const { userId } = await app.register();
    const nobody = uuidv7();
    await credentials.put(nobody, 'a password of nobody');

    for (const each of [userId, nobody]) await credentials.discard(each);

    expect(await hashOf(userId)).toEqual(expect.any(String));
    expect(await hashOf(nobody)).toBeUndefined();
  });

  it('are kept by the migration that gives passwords ids', async () => {
    const ann = await app.register();
    const { dataSource } = app.nest.get(Databases).events.write;
    const runner = dataSource.createQueryRunner();
    await new NamePasswords1750001000000().down(runner);
    expect(await hashOf(ann.userId)).toMatch(/^\$argon2id/);
    await new NamePasswords1750001000000().up(runner);
    await runner.release();
    expect((await app.signIn(ann)).userId).toBe(ann.userId);
  });

  it('and names survive the migrations that count attempts and add looks', async () => {
    const ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    const { events, views } = app.nest.get(Databases);
    const [log, models] = [events.write.dataSource.createQueryRunner(), views.write.dataSource.createQueryRunner()];
    await new CountAttempts1750001100000().down(log);
    await new AddLooks1750001100000().down(models);
    await runSql(app.database.url, `insert into sign_in_attempts (id, account, address, at) values ('i', 'a', 'b', 1)`);
    await new CountAttempts1750001100000().up(log);
    await new AddLooks1750001100000().up(models);
    await Promise.all([log.release(), models.release()]);

    expect(await runSql(app.database.url, 'select * from attempt_counts')).toEqual([]);
    expect(
      await runSql(
        app.database.viewsUrl,
        `select username, username_look from user_view where user_id = '${ann.userId}'`,
      ),
    ).toEqual([{ username: ann.username, username_look: '' }]);
    expect((await app.signIn(ann)).userId).toBe(ann.userId);
  });

  it('without a user are swept once they are older than an hour, and no others', async () => {
    const ann = await app.register();
    const { userId: operatorId } = await app.operator();
    const now = Date.now();
    const made = (minutesAgo: number): number => now - minutesAgo * MINUTE;
    await runSql(app.database.url, `delete from credentials where user_id not in ('${ann.userId}', '${operatorId}')`);
    await runSql(app.database.url, `update credentials set created_at = ${made(9_999)}`);
    const rows = Object.entries({ old: 61, ancient: 99_999, young: 59, new: 0 });
    const values = rows.map(([userId, minutes]) => `('${userId}', '', 'x', ${made(minutes)})`).join(', ');
    await runSql(
      app.database.url,
      `insert into credentials (user_id, password_id, password_hash, created_at) values ${values}`,
    );

    await credentials.sweep(new Date(now));

    expect(await usersWithHash(app.database.url)).toEqual([ann.userId, operatorId, 'young', 'new'].toSorted());
    expect((await app.signIn(ann)).userId).toBe(ann.userId);
  });
});

/** CPU time of this process meanwhile, in µs: unlike elapsed time, it does not depend on other programs. */
async function cpuTimeOf(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
