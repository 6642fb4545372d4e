import { setTimeout as delay } from 'node:timers/promises';
import type { UserAnswer } from '../../src/users/user.answer.js';
import type { Answer, Client, Headers } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectProblem, placeOf } from '../support/expectations.js';
import { type Names, type Person, someNames } from '../support/people.js';
import { usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  // An address that was given up may be registered at once: the limit of mails to it is off.
  const here = useApp(kind, { RATE_LIMITS: 'off' }, { connections: 10 });

  const times = <T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, number) => work(number)));

  describe.each([
    { field: 'email', previous: 'previousEmail', taken: 'email-taken' },
    { field: 'username', previous: 'previousUsername', taken: 'username-taken' },
  ] as const)('a $field that many claim concurrently', ({ field, previous, taken }) => {
    const claim = (by: Person, value = someNames()[field], headers?: Headers): Promise<Answer> =>
      by.change(field, value, headers);

    it('goes to one of 8 who register with it, in any spelling', async () => {
      const wanted = someNames()[field];
      const asked = Array.from({ length: 8 }, (_, at) => ({ ...someNames(), [field]: spelling(wanted, at) }));
      const before = await usersWithHash(here.app.database.url);

      const answers = await Promise.all(asked.map((names) => here.app.anyone.post('/users', names)));

      const winner = expectOneWinner(answers, 201, taken);
      const { userId } = answers[winner]!.body as { userId: string };
      expect(await usersWithHash(here.app.database.url)).toEqual([...before, userId].toSorted());
      expect((await here.app.signIn(asked[winner]!)).userId).toBe(userId);
    });

    it('goes to one of 2 who change to it, repeatedly', async () => {
      const [ann, bob] = [await here.app.customer(), await here.app.customer()];

      for (let round = 0; round < 4; round++) {
        const wanted = someNames()[field];
        expectOneWinner(await Promise.all([claim(ann, wanted), claim(bob, wanted)]), 200, taken);
      }
    });

    it('that was given up goes to one of 5 who register and 5 who change', async () => {
      const [ann, ...others] = await times(6, () => here.app.customer());
      const free = ann![field];
      expect((await claim(ann!)).status).toBe(200);
      const newcomers: Names[] = Array.from({ length: 5 }, () => ({ ...someNames(), [field]: free }));
      const before = await usersWithHash(here.app.database.url);

      const answers = await Promise.all([
        ...newcomers.map((names) => here.app.anyone.post('/users', names)),
        ...others.map((each) => claim(each, free)),
      ]);

      const winner = expectOneWinner(answers, undefined, taken);
      expect(await usersWithHash(here.app.database.url)).toHaveLength(
        before.length + (winner < newcomers.length ? 1 : 0),
      );
    });

    it('is never shared while two users swap theirs', async () => {
      const [ann, bob] = [await here.app.customer(), await here.app.customer()];

      const answers = await Promise.all([claim(ann, bob[field]), claim(bob, ann[field])]);

      for (const answer of answers) expectProblem(answer, 409, taken);
    });

    it('is changed by one of many with the same If-Match', async () => {
      const ann = await here.app.customer();
      const headers = { 'if-match': ann.signedIn.headers.etag! };

      const answers = await times(8, () => claim(ann, undefined, headers));

      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(7);
      for (const each of refused) expectProblem(each, 412, 'version-conflict', { detail: /\bactual version is 3\b/ });
    });

    it('is changed by all of many without If-Match, one after the other', async () => {
      const ann = await here.app.customer();

      const answers = await times(8, () => claim(ann));

      const places = answers
        .map((answer) => expectDone(answer, 200, { userId: ann.userId }))
        .toSorted((one, other) => one.version - other.version);
      expect(places.map(({ version }) => version)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
      const stored = (await here.app.eventsAfter(places[0]!.position - 1)).slice(0, 8);
      expect(stored.map(({ position }) => position)).toEqual(places.map(({ position }) => position));
      // Each change gives up the value that the previous one claimed.
      const givenUp = stored.map(({ data }) => data[previous]);
      expect(givenUp).toEqual([ann[field], ...stored.slice(0, -1).map(({ data }) => data[field])]);
    });
  });

  it('8 registrations with different names succeed', async () => {
    const answers = await times(8, () => here.app.anyone.post('/users', someNames()));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map(({ headers }) => headers['leftfold-position'])).size).toBe(8);
  });

  it('one user signs in many times', async () => {
    const ann = await here.app.register();

    const people = await times(8, () => here.app.signIn(ann));

    const versions = people.map(({ signedIn }) => placeOf(signedIn).version);
    expect(versions.toSorted((one, other) => one - other)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('a role that is granted by many is stored once', async () => {
    const { userId } = await here.app.register();

    const answers = await times(8, () => here.operator.put(`/users/${userId}/roles/operator`));

    const places = answers.map((answer) => expectDone(answer, 200, { userId }));
    expect(new Set(places.map(({ position }) => position)).size).toBe(1);
    expect(places[0]?.version).toBe(2);
  });

  describe('a reversion', () => {
    const revert = (by: Client, { path }: Person, toVersion: number): Promise<Answer> =>
      by.post(`${path}/reversion`, { toVersion });

    /** A user who gave up the address that a reversion would restore. */
    async function moved(): Promise<Person> {
      const ann = await here.app.customer();
      await ann.put(`${ann.path}/email`, { email: someNames().email, currentPassword: ann.password });
      return ann;
    }

    it('is stored once for many identical requests', async () => {
      const [ann, before] = [await moved(), await here.app.head()];

      const answers = await times(10, (at) => revert(at % 2 ? ann : here.operator, ann, 1 + (at % 2)));

      for (const answer of answers) {
        expect(expectDone(answer, 200, { userId: ann.userId })).toEqual({ position: before + 1, version: 4 });
      }
      expect(await here.app.head()).toBe(before + 1);
    });

    it('competes with a claim of the same name: exactly one succeeds', async () => {
      const outcomes = new Set<string>();
      for (let round = 0; round < 3 || (outcomes.size < 2 && round < 60); round++) {
        const [ann, bob] = [await moved(), await here.app.customer()];
        const asking = [
          () => bob.put(`${bob.path}/email`, { email: ann.email, currentPassword: bob.password }),
          () => revert(ann, ann, 1),
          () => revert(here.operator, ann, 2),
        ];
        // The claim and the reversions take different times. So each gets a start in turn, longer from round to round.
        const ask = async (at: number): Promise<Answer> => {
          if (at > 0 === round % 2 > 0) await delay(5 * round);
          return asking[at]!();
        };
        const answers = await Promise.all([0, 1, 2].map(ask));

        const [claim, ...reversions] = answers as [Answer, ...Answer[]];
        const claimed = claim.status === 200;
        for (const refused of claimed ? reversions : [claim]) expectProblem(refused, 409, 'email-taken');
        for (const { status } of claimed ? [claim] : reversions) expect(status).toBe(200);
        const found = await here.operator.get(`/users?email=${encodeURIComponent(ann.email)}`, {
          'leftfold-min-position': String(await here.app.head()),
        });
        const holders = (found.body as { items: UserAnswer[] }).items.map(({ userId }) => userId);
        expect(holders).toEqual([claimed ? bob.userId : ann.userId]);
        outcomes.add(claimed ? 'claimed' : 'reverted');
      }
      expect(outcomes.size).toBe(2);
    });
  });
});

/** The same value in different case each time. */
function spelling(value: string, number: number): string {
  return Array.from(value, (letter, at) => (number & (1 << (at % 5)) ? letter.toUpperCase() : letter)).join('');
}

/** Returns which one it is. */
function expectOneWinner(answers: readonly Answer[], status: number | undefined, code: string): number {
  const winners = answers.flatMap((answer, at) => (answer.status < 300 ? [at] : []));
  expect(winners).toHaveLength(1);
  const winner = winners[0]!;
  if (status !== undefined) expect(answers[winner]!.status).toBe(status);
  for (const answer of answers.toSpliced(winner, 1)) expectProblem(answer, 409, code);
  return winner;
}
