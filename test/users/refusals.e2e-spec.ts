import type { Answer } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
const LIMIT = 100 * 1024;

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let app: TestApp;
  let ann: Person;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
  });

  afterAll(() => app.close());

  describe.each([
    ['POST /users', 'post', (): string => '/users', 'email'],
    ['POST /sessions', 'post', (): string => '/sessions', 'email'],
    ['PUT /users/:userId/email', 'put', (): string => `${ann.path}/email`, 'email'],
    ['PUT /users/:userId/username', 'put', (): string => `${ann.path}/username`, 'username'],
  ] as const)('%s refuses', (_route, method, path, field) => {
    const ask = (body?: object | string | Buffer, headers?: Record<string, string>): Promise<Answer> =>
      expectNothingStored(app, () => ann.send(method, path(), body, headers));
    /** Valid, but for what a test puts in. */
    const valid = (): Record<string, unknown> => {
      const { username, email, password } = someNames();
      if (path() === '/users') return { username, email, password };
      if (path() === '/sessions') return { email, password };
      return { [field]: { username, email }[field] };
    };
    const withField = (value: string): string => JSON.stringify({ ...valid(), [field]: '*' }).replace('"*"', value);

    it.each([
      ['half an object', '{"email":'],
      ['a comma too many', '{"email":"a@example.com",}'],
      ['single quotes', `{'email': 'a@example.com'}`],
      ['text', 'email=a@example.com'],
      ['nothing at all', ''],
      ['two objects', '{}{}'],
    ])('malformed JSON: %s', async (_what, body) => {
      expectProblem(await ask(body), 400, 'malformed-json', { instance: path() });
    });

    it.each([
      ['a byte that never occurs', [0xff]],
      ['a character that breaks off', [0xc3]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ])('invalid UTF-8: %s', async (_what, bytes) => {
      const [before, after] = withField('"*"').split('*') as [string, string];
      const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);

      expectProblem(await ask(body), 400, 'malformed-json', { instance: path() });
    });

    it.each(['[]', '"text"', '7', 'null', 'true'])('a body that is no object: %s', async (body) => {
      expectProblem(await ask(body), 400, 'validation-failed', { instance: path(), fields: ['body'] });
    });

    it('no body', async () => {
      const answer = await ask();

      expectProblem(answer, 400, 'validation-failed', { instance: path() });
    });

    it.each(['7', 'true', 'null', '[]', '["a@example.com"]', '{}', '{"$ne":""}'])(
      'a value of the wrong type: %s',
      async (value) => {
        expectProblem(await ask(withField(value)), 400, 'validation-failed', { fields: [field], instance: path() });
      },
    );

    it('half a character in a value', async () => {
      expectProblem(await ask(withField(String.raw`"a\ud800@example.com"`)), 400, 'validation-failed', {
        fields: [field],
      });
    });

    it.each(['admin', 'userId', 'roles', '__proto__', 'constructor', 'hasOwnProperty', ''])(
      'the unknown field %j',
      async (name) => {
        const body = JSON.stringify(valid()).replace('{', `{${JSON.stringify(name)}:{"x":1},`);

        expectProblem(await ask(body), 400, 'validation-failed', { fields: [name], instance: path() });
      },
    );

    it('a very long value', async () => {
      const answer = await ask({ ...valid(), [field]: `${'a'.repeat(90_000)}@example.com` });

      expectProblem(answer, 400, 'validation-failed', { fields: [field] });
      expect(answer.text.length).toBeLessThan(1_000);
    });

    it('a body that is nested very deep', async () => {
      const answer = await ask(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);

      expectProblem(answer, 400, 'validation-failed', { fields: ['body'] });
    });

    it('a body of more than 100 KiB, and not one of 100 KiB', async () => {
      const bodyOf = (bytes: number): string => `{"filler":"${'x'.repeat(bytes - '{"filler":""}'.length)}"}`;

      expectProblem(await ask(bodyOf(LIMIT + 1)), 413, 'body-too-large', { instance: path() });
      expectProblem(await ask(bodyOf(LIMIT)), 400, 'validation-failed');
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
      'a body of type %s',
      async (type) => {
        const answer = await ask(JSON.stringify(valid()), { 'content-type': type });

        expectProblem(answer, 415, 'unsupported-media-type', { instance: path() });
      },
    );

    it.each(['2', '"x"', '"0"', 'W/"2"', '*', '"1", "2"', ''])('If-Match: %s', async (version) => {
      expectProblem(await ask(valid(), { 'if-match': version }), 400, 'validation-failed', { fields: ['If-Match'] });
    });
  });

  it.each([
    ['get', (id: string) => `/users/${id}`],
    ['get', (id: string) => `/users/${id}?version=1`],
    ['get', (id: string) => `/users/${id}/history`],
    ['put', (id: string) => `/users/${id}/email`],
    ['put', (id: string) => `/users/${id}/username`],
    ['put', (id: string) => `/users/${id}/roles/operator`],
    ['delete', (id: string) => `/users/${id}/roles/operator`],
  ] as const)('an id that is no UUID is refused: %s %s', async (method, path) => {
    const bodies = { email: { email: someNames().email }, username: { username: someNames().username } };

    await expectNothingStored(app, async () => {
      for (const id of ['7', 'ann', `${NOBODY}0`, NOBODY.replaceAll('-', ''), `{${NOBODY}}`, '%00', '..%2F']) {
        const body = Object.entries(bodies).find(([field]) => path(id).endsWith(field))?.[1];
        expectProblem(await operator.send(method, path(id), body), 400, 'validation-failed', { fields: ['userId'] });
      }
    });
  });

  it.each(['-1', '1.5', 'head', '', '99999999999999999999'])(
    'Leftfold-Min-Position: %s is refused',
    async (position) => {
      for (const path of ['/users/me', '/users', '/events', `${ann.path}/history`, '/users/me?version=1']) {
        const answer = await operator.get(path, { 'leftfold-min-position': position });
        expectProblem(answer, 400, 'validation-failed', { fields: ['Leftfold-Min-Position'] });
      }
    },
  );

  it.each([
    ['get', '/'],
    ['get', '/nowhere?secret=1'],
    ['post', '/nowhere'],
    ['delete', '/users'],
    ['put', '/users/me'],
    ['get', '/sessions'],
    ['delete', '/sessions'],
    ['get', `/users/${NOBODY}/email`],
    ['post', `/users/${NOBODY}/roles/operator`],
    ['get', '/users/'],
    ['get', `/USERS/${NOBODY}`],
  ] as const)('%s %s: there is no such route', async (method, path) => {
    for (const by of [app.anyone, operator]) {
      const answer = await expectNothingStored(app, () => by.send(method, path));
      expectProblem(answer, 404, 'route-not-found', { instance: path.split('?')[0]! });
    }
  });

  it.each(['/users/%', '/users/%zz', '/users/%ff'])('the path %s cannot be read', async (path) => {
    expectProblem(await operator.get(path), 400, 'validation-failed', { instance: path });
  });
});
