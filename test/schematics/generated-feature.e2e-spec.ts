import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { killLeftovers } from '../support/app-process.js';
import { since } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectDone, expectProblem, UUID_V7 } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { describeWithout, ProjectCopy, type Ran } from '../support/project-copy.js';
import { ServedApp } from '../support/served-app.js';
import { OPERATOR } from '../support/test-app.js';
import { createScratchFolder } from '../support/test-run.mjs';
import { fillInEvents, fillInEvolve, fillInReadModel, fillInRules, fillInSaga, fillInSideEffect } from './filled-in.js';

const MINUTE = 60_000;
const AGGREGATE = 'src/returns/domain/return.aggregate.ts';
const ORDER_ID = '018f2b6e-0000-7000-8000-000000000101';

const describeReturns = describeWithout('returns');

let project: ProjectCopy;

/** Each step builds on the one before, as it does for the developer. */
describeReturns('a feature that is generated', () => {
  let migration: string;

  beforeAll(async () => {
    project = await ProjectCopy.make();
  }, MINUTE);

  it(
    'is refused in a sentence, and shown in a dry run, and neither writes anything',
    async () => {
      const refused = await generate('command', 'returns/request-return');
      const shown = await generate('feature', 'returns', '--dry-run');

      expect(refused.output).toContain('There is no feature returns. There are audit, ');
      expect(refused.output).not.toContain('CREATE');
      expect(shown.output).toContain('CREATE src/returns/returns.module.ts');
      expect(await filesOf('src')).not.toContain('returns');
      expect(await project.read('src/app.module.ts')).not.toContain('ReturnsModule');
      expect({ refused: refused.code, shown: shown.code }).toEqual({ refused: 0, shown: 0 });
    },
    2 * MINUTE,
  );

  it(
    'is refused with exit code 1 where a script asks without the Nest CLI',
    async () => {
      const schematics = '@angular-devkit/schematics-cli/bin/schematics.js';
      const refused = await project.run(schematics, '@leftfold/schematics:command', '--name=nowhere/go', '--route');
      const taken = await project.run(schematics, '@leftfold/schematics:feature', '--name=billings', '--dry-run');

      expect(refused.output).toContain('There is no feature nowhere.');
      expect({ refused: refused.code, taken: taken.code }).toEqual({ refused: 1, taken: 0 });
    },
    MINUTE,
  );

  it(
    'stands beside what Nest generates',
    async () => {
      expect((await generate('module', 'billing')).output).toContain('CREATE src/billing/billing.module.ts');
      expect(await project.read('src/app.module.ts')).toContain('BillingModule');
    },
    2 * MINUTE,
  );

  it(
    'begins with its aggregate and its events, and the compiler names what they lack',
    async () => {
      await generate('feature', 'returns');
      await generate('aggregate', 'returns/return');
      expect(await project.typecheck()).toEqual({ code: 0, output: '' });

      await generate('event', 'returns/return-requested');
      const first = await project.typecheck();
      expect(errorsIn(first.output)).toEqual([AGGREGATE]);
      expect(first.output).toContain(`Argument of type '"returns.return-requested"' is not assignable to`);
      await project.edit(AGGREGATE, [
        '      default:',
        "      case 'returns.return-requested':\n        return;\n      default:",
      ]);
      expect(await project.typecheck()).toEqual({ code: 0, output: '' });

      await generate('event', 'returns/ReturnApproved');
      await generate('event', 'Return/return_refused');
      await fillInEvents(project);

      const { output } = await project.typecheck();
      expect(errorsIn(output)).toEqual([AGGREGATE]);
      expect(output).toContain("Argument of type 'ReturnApproved | ReturnRefused' is not assignable to parameter");
      await fillInEvolve(project);
    },
    4 * MINUTE,
  );

  it(
    'goes on with commands, a read model, a query, a saga and a side effect',
    async () => {
      await generate('command', 'returns/request-return', '--', '--route');
      await generate('command', 'returns/approve-return', '--', '--route=approval');
      await generate('command', 'returns/refuse-return');
      await generate('read-model', 'returns/return-view');
      const views = 'src/returns/migrations/views';
      migration = `${views}/${(await filesOf(views))[0]}`;
      await fillInReadModel(project, migration);
      await generate('query', 'returns/get-return', '--', '--route');
      await generate('saga', 'returns/return-check', '--', '--when=return-requested');
      await generate('side-effect', 'returns/return-mail', '--', '--when=return-approved');

      expect(await project.typecheck()).toEqual({ code: 0, output: '' });
    },
    4 * MINUTE,
  );

  it(
    'has tests that hold, and tests that fail until somebody has written them',
    async () => {
      const { failed, passed } = await unitTests();

      expect(failed).toEqual([
        'a return is approved once, and not when ...',
        'a return is refused once, and not when ...',
        'does outside what follows when ReturnApproved has happened',
        'return check asks for what follows when ReturnRequested has happened',
      ]);
      expect(passed).toEqual([
        'a return is approved',
        'a return is refused',
        'a return is requested',
        'a return that is not there is named',
        'a row of return-view keeps its id and its version by ReturnApproved',
        'a row of return-view keeps its id and its version by ReturnRefused',
        'a row of return-view keeps its id and its version by ReturnRequested',
        'answers the row of the id',
        'says that there is none',
      ]);
    },
    2 * MINUTE,
  );

  it(
    'is filled in, and then all of it holds',
    async () => {
      await fillInRules(project);
      await fillInSaga(project);
      await fillInSideEffect(project);

      expect(await project.typecheck()).toEqual({ code: 0, output: '' });
      expect(await unitTests()).toMatchObject({ failed: [] });
    },
    4 * MINUTE,
  );

  it(
    'passes lint, and is laid out as Prettier wants it',
    async () => {
      const lint = await project.run(
        'oxlint/bin/oxlint',
        '--type-aware',
        '--deny-warnings',
        'src/returns',
        'test/returns',
      );
      const layout = await project.run('prettier/bin/prettier.cjs', '--check', 'src', 'test/returns');

      expect(lint.output).toMatch(/Found 0 warnings and 0 errors\.\n.* on [3-9]\d files/);
      expect(layout.output).toContain('All matched files use Prettier code style!');
    },
    2 * MINUTE,
  );

  it(
    'keeps to the architecture',
    async () => {
      const { output, code } = await project.jest('unit', 'test/architecture');

      expect(output).toMatch(/Tests: +\d{2,} passed, \d+ total/);
      expect(code).toBe(0);
    },
    4 * MINUTE,
  );

  it(
    'has routes whose own tests pass on both databases',
    async () => {
      const { output, code } = await project.jest('e2e', 'test/returns');

      expect(output).toMatch(/Tests: +6 passed, 6 total/);
      expect(code).toBe(0);
    },
    4 * MINUTE,
  );

  it(
    'is built',
    async () => {
      expect(await project.nest('build')).toEqual({ code: 0, output: '' });
    },
    4 * MINUTE,
  );
});

describeReturns.each(DATABASE_KINDS)('a feature that was generated, running on %s', (kind) => {
  let database: TestDatabase;
  let app: ServedApp;
  let operator: Person;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    folder = await createScratchFolder('generated');
    const script = join(project.folder, 'dist', 'main.js');
    app = await ServedApp.start(script, database, {}, folder);
    operator = await app.signIn(OPERATOR);
  }, MINUTE);

  afterAll(async () => {
    await killLeftovers();
    await database.drop();
  });

  const mailsOfReturns = async (): Promise<string[]> =>
    (await readdir(join(folder, 'data', 'outbox'))).filter((name) => name.startsWith('return-mail.'));
  const request = (reason: unknown) => operator.post('/returns', { orderId: ORDER_ID, reason });
  async function requested(reason = 'It broke.'): Promise<string> {
    const answer = await request(reason);
    expectDone(answer, 201, { returnId: expect.stringMatching(UUID_V7) });
    return (answer.body as { returnId: string }).returnId;
  }

  it('stores, and answers from the read model', async () => {
    const answer = await request('It broke.');
    expect(answer.status).toBe(201);
    const { returnId } = answer.body as { returnId: string };

    const found = await operator.get(`/returns/${returnId}`, since(answer));

    expect({ status: found.status, body: found.body as unknown }).toEqual({
      status: 200,
      body: { returnId, status: 'requested', version: 1 },
    });
    expect(found.headers.etag).toBe('"1"');
  });

  it('decides once, and tells it outside', async () => {
    const path = `/returns/${await requested()}`;

    const first = await operator.post(`${path}/approval`, {});
    const second = await operator.post(`${path}/approval`, {});
    const found = await operator.get(path, since(first));

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(found.body).toMatchObject({ status: 'approved', version: 2 });
    await eventually(async () => expect(await mailsOfReturns()).toHaveLength(1));
  });

  it('asks by its saga, with all that follows', async () => {
    const path = `/returns/${await requested('none')}`;

    await eventually(async () => expect((await operator.get(path)).body).toMatchObject({ status: 'refused' }));
    expectProblem(await operator.post(`${path}/approval`, {}), 409, 'return-decided');
  });

  it('refuses what is malformed, unknown or not allowed', async () => {
    const path = `/returns/${await requested()}`;
    const customer = await app.customer();

    expectProblem(await request(''), 400, 'validation-failed', { fields: ['reason'] });
    expectProblem(await operator.post('/returns', { reason: 'x' }), 400, 'validation-failed', { fields: ['orderId'] });
    expectProblem(await operator.post(`${path}/approval`, { note: 'x' }), 400, 'validation-failed', {
      fields: ['note'],
    });
    expectProblem(await operator.get(`/returns/${ORDER_ID}`), 404, 'return-not-found');
    expectProblem(await operator.post(`/returns/${ORDER_ID}/approval`, {}), 404, 'return-not-found');
    expectProblem(await app.client().get(path), 401, 'not-signed-in');
    expectProblem(await customer.get(path), 403, 'forbidden');
  });
});

/** The Nest CLI ends with 0 whatever comes of it. */
async function generate(...args: readonly string[]): Promise<Ran> {
  return project.nest('generate', ...args);
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(join(project.folder, folder))).toSorted();
}

function errorsIn(output: string): string[] {
  return output.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error/.exec(line)?.slice(1) ?? []);
}

/** Full names of the feature's unit tests, by what came of them. */
async function unitTests(): Promise<{ failed: string[]; passed: string[] }> {
  const results = 'unit-results.json';
  await project.jest('unit', 'src/returns', '--json', `--outputFile=${results}`);
  const { testResults } = JSON.parse(await project.read(results)) as {
    testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const of = (status: string): string[] =>
    tests
      .filter((test) => test.status === status)
      .map(({ fullName }) => fullName)
      .toSorted();
  return { failed: of('failed'), passed: of('passed') };
}
