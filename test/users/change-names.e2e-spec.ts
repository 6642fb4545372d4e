import { type Answer, type Client, type Headers, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { type Account, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NAMES = [
  { field: 'email', previous: 'previousEmail', type: 'users.email-changed', taken: 'email-taken' },
  { field: 'username', previous: 'previousUsername', type: 'users.username-changed', taken: 'username-taken' },
] as const;
const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
/** Version of somebody who has registered and signed in. */
const SIGNED_IN = 2;

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    await app.operator();
  });

  afterAll(() => app.close());

  describe.each(NAMES)('PUT /users/:userId/$field', ({ field, previous, type, taken }) => {
    const pathOf = ({ userId }: Pick<Account, 'userId'>): string => `/users/${userId}/${field}`;
    const change = (by: Client, user: Pick<Account, 'userId'>, value: string, headers?: Headers): Promise<Answer> =>
      by.put(pathOf(user), { [field]: value }, headers);
    const another = (): string => someNames()[field];

    it('changes it', async () => {
      const ann = await app.customer();
      const wanted = another();

      const answer = await change(ann, ann, wanted);

      expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(SIGNED_IN + 1);
      await expectEvent(app, answer, {
        actor: ann.userId,
        type,
        data: { userId: ann.userId, [field]: wanted, [previous]: ann[field] },
      });
      expect((await ann.get('/users/me', since(answer))).body).toMatchObject({
        [field]: wanted,
        version: SIGNED_IN + 1,
      });
    });

    it('stores nothing when it is the same already, and answers where the last event stands', async () => {
      const ann = await app.customer();
      const changed = await change(ann, ann, another());
      await app.register();

      const wanted = (await app.eventsAfter(placeOf(changed).position - 1))[0]?.data[field] as string;
      const again = await expectNothingStored(app, () => change(ann, ann, ` ${wanted} `));

      expect(expectDone(again, 200, { userId: ann.userId })).toEqual(placeOf(changed));
    });

    it('takes another spelling of the same as a change', async () => {
      const ann = await app.customer();
      const loud = ann[field].toUpperCase();

      const answer = await change(ann, ann, loud);

      await expectEvent(app, answer, {
        actor: ann.userId,
        type,
        data: { userId: ann.userId, [field]: loud, [previous]: ann[field] },
      });
    });

    it('refuses what somebody has, in whatever spelling', async () => {
      const [ann, bob] = [await app.customer(), await app.register()];

      await expectNothingStored(app, async () => {
        for (const spelling of [bob[field], bob[field].toUpperCase(), `\uFF21${bob[field].slice(1)}`]) {
          expectProblem(await change(ann, ann, spelling), 409, taken, { instance: pathOf(ann) });
        }
      });
    });

    it('gives what one gave up to the next', async () => {
      const [ann, bob] = [await app.customer(), await app.customer()];
      expectDone(await change(ann, ann, another()), 200, { userId: ann.userId });

      expectDone(await change(bob, bob, ann[field]), 200, { userId: bob.userId });

      expectProblem(await change(ann, ann, ann[field]), 409, taken);
      expectProblem(await app.anyone.post('/users', { ...someNames(), [field]: ann[field] }), 409, taken);
      expect((await app.anyone.post('/users', { ...someNames(), [field]: bob[field] })).status).toBe(201);
    });

    it('does not exist for another customer', async () => {
      const [ann, bob] = [await app.customer(), await app.register()];

      const [others, nobodys] = await expectNothingStored(app, async () => [
        await change(ann, bob, another()),
        await change(ann, { userId: NOBODY }, another()),
      ]);

      expectProblem(others, 404, 'user-not-found', { instance: pathOf(bob) });
      expectProblem(nobodys, 404, 'user-not-found');
    });

    it('is forbidden to operators', async () => {
      const [operator, bob] = [await app.operator(), await app.register()];

      const answer = await expectNothingStored(app, () => change(operator, bob, another()));

      expectProblem(answer, 403, 'forbidden', { instance: pathOf(bob) });
    });

    it('asks strangers to sign in', async () => {
      const ann = await app.register();

      const answer = await expectNothingStored(app, () => change(app.anyone, ann, another()));

      expectProblem(answer, 401, 'not-signed-in', { instance: pathOf(ann) });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    });

    it.each([
      ['nothing', {}],
      ['an empty one', { [field]: '' }],
      ['blanks', { [field]: '  ' }],
      ['a number', { [field]: 7 }],
      ['a list', { [field]: ['a@example.com'] }],
      ['null', { [field]: null }],
      ['a null character', { [field]: 'a\u0000@example.com' }],
      ['300 letters', { [field]: `${'x'.repeat(300)}@example.com` }],
    ])('refuses %s', async (_what, body) => {
      const ann = await app.customer();

      const answer = await expectNothingStored(app, () => ann.put(pathOf(ann), body));

      expectProblem(answer, 400, 'validation-failed', { fields: [field] });
    });

    it('refuses fields that it does not know', async () => {
      const ann = await app.customer();

      const answer = await expectNothingStored(app, () =>
        ann.put(pathOf(ann), { [field]: another(), roles: ['operator'] }),
      );

      expectProblem(answer, 400, 'validation-failed', { fields: ['roles'] });
    });

    it('is decided on the version in If-Match', async () => {
      const ann = await app.customer();

      const answer = await change(ann, ann, another(), { 'if-match': ann.signedIn.headers.etag! });

      expect(expectDone(answer, 200, { userId: ann.userId }).version).toBe(SIGNED_IN + 1);
    });

    it.each(['"1"', '"3"', '"9007199254740991"'])('refuses If-Match: %s when the user is at "2"', async (version) => {
      const ann = await app.customer();

      await expectNothingStored(app, async () => {
        for (const wanted of [another(), ann[field]]) {
          const answer = await change(ann, ann, wanted, { 'if-match': version });
          expectProblem(answer, 412, 'version-conflict', { detail: /\bactual version is 2\b/ });
        }
      });
    });

    it('lets one of many with the same If-Match through', async () => {
      const ann = await app.customer();
      const headers = { 'if-match': `"${SIGNED_IN}"` };

      const answers = await Promise.all(Array.from({ length: 8 }, () => change(ann, ann, another(), headers)));

      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(7);
      for (const each of refused) expectProblem(each, 412, 'version-conflict', { detail: /\bactual version is 3\b/ });
    });

    it('without If-Match lets all of many at once through, one after the other', async () => {
      const ann = await app.customer();

      const answers = await Promise.all(Array.from({ length: 8 }, () => change(ann, ann, another())));

      const places = answers
        .map((answer) => expectDone(answer, 200, { userId: ann.userId }))
        .toSorted((one, other) => one.version - other.version);
      expect(places.map(({ version }) => version)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
      const stored = (await app.eventsAfter(places[0]!.position - 1)).filter((event) => event.type === type);
      expect(stored.map(({ position }) => position)).toEqual(places.map(({ position }) => position));
      // Each one gave up what the one before had claimed.
      expect(stored.slice(1).map(({ data }) => data[previous])).toEqual(
        stored.slice(0, -1).map(({ data }) => data[field]),
      );
    });
  });
});
