import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import {
  fillInEvents,
  fillInEvolve,
  fillInReadModel,
  fillInRules,
  fillInSaga,
  fillInSideEffect,
} from '../../tools/generators/filled-in.js';
import { ProjectInMemory, step } from '../../tools/generators/generate.js';
import { nestGenerate } from '../../tools/generators/nest-generate.js';
import { describeWithout, ProjectCopy } from '../support/project-copy.js';

const LIMIT_MS = 240_000;
const AGGREGATE = 'src/returns/domain/return.aggregate.ts';
const FILES = /^(?:src|test)\/returns\//;

/** The compiler's errors about the aggregate at each stage, from the first file to the complete feature. */
const STAGES = {
  begun: [],
  'with-an-event': [`Argument of type '"returns.return-requested"' is not assignable to`],
  'with-a-case': [],
  'with-three-events': ["Argument of type 'ReturnApproved | ReturnRefused' is not assignable to parameter"],
  generated: [],
};

/** The feature is generated step by step in memory; then everything is checked at once, in one copy of the project. */
describeWithout('returns')('a feature that is generated', () => {
  const memory = ProjectInMemory.get();
  /** An earlier content of `src/returns`, for a folder of its own beside it. */
  const stages: Record<string, string> = {};
  let project: ProjectCopy;
  let checked: OxlintReport;
  let tests: Awaited<ReturnType<typeof runTests>>;

  beforeAll(async () => {
    await generateAndFillIn();
    project = await ProjectCopy.make();
    await project.write({
      ...memory.files,
      ...stages,
      'test/returns/returns.e2e-spec.ts': await readFile(join(import.meta.dirname, 'running-returns.ts'), 'utf8'),
    });
    checked = await lint(project);
    tests = await runTests(project, 'src/returns/', 'src/returns-generated/', 'test/returns/');
  }, LIMIT_MS);

  async function generateAndFillIn(): Promise<void> {
    const generate = async (line: string, path?: string) =>
      memory.generate(step(line, path === undefined ? {} : { path }));

    await generate('module billing');
    await generate('feature returns');
    await generate('aggregate returns/return');
    keepAs('begun');
    await generate('event returns/return-requested');
    keepAs('with-an-event');
    memory.edit(AGGREGATE, [
      '      default:',
      "      case 'returns.return-requested':\n        return;\n      default:",
    ]);
    keepAs('with-a-case');
    await generate('event returns/ReturnApproved');
    await generate('event Return/return_refused');
    fillInEvents(memory);
    keepAs('with-three-events');
    fillInEvolve(memory);

    await generate('command returns/request-return', 'route');
    await generate('command returns/approve-return', 'route=approval');
    await generate('command returns/refuse-return');
    const written = await generate('read-model returns/return-view');
    fillInReadModel(
      memory,
      written.find((path) => path.includes('/migrations/views/'))!,
    );
    await generate('query returns/get-return', 'route');
    await generate('saga returns/return-check', 'when=return-requested');
    await generate('side-effect returns/return-mail', 'when=return-approved');
    keepAs('generated');
    fillInRules(memory);
    fillInSaga(memory);
    fillInSideEffect(memory);
  }

  function keepAs(stage: keyof typeof STAGES): void {
    for (const [path, text] of Object.entries(memory.files)) {
      if (path.startsWith('src/returns/')) stages[path.replace('src/returns/', `src/returns-${stage}/`)] = text;
    }
  }

  it('is refused with one sentence and exit code 1, and no file is written', async () => {
    const refused = await nestGenerate(project.folder, 'command nowhere/go route');

    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('There is no feature nowhere. There are '),
    });
    expect(refused.output).not.toMatch(/CREATE|UPDATE/);
  });

  it('works beside files that Nest generates', () => {
    expect(Object.keys(memory.files)).toContain('src/billing/billing.module.ts');
    expect(memory.read('src/app.module.ts')).toMatch(/BillingModule[^]*ReturnsModule|ReturnsModule[^]*BillingModule/);
  });

  it.each(Object.entries(STAGES))(
    '%s: the compiler shows what the aggregate lacks, and nothing else',
    (stage, messages) => {
      const folder = `src/returns-${stage}/`;
      const errors = checked.diagnostics.filter(
        ({ code, filename }) => isTypeError(code) && filename.startsWith(folder),
      );

      expect(Object.keys(stages).filter((path) => path.startsWith(folder)).length).toBeGreaterThan(3);
      expect(errors.map(({ filename, message }) => ({ filename, message }))).toEqual(
        messages.map((message) => ({
          filename: AGGREGATE.replace('src/returns/', folder),
          message: expect.stringContaining(message),
        })),
      );
    },
  );

  it('has tests that pass, and tests that fail until they are written', () => {
    const { failed, passed } = tests.in('src/returns-generated/');

    expect(failed).toEqual([
      'a return is approved once, and not when ...',
      'a return is refused once, and not when ...',
      'performs its side effect when ReturnApproved has happened',
      'return check emits the next command when ReturnRequested has happened',
    ]);
    expect(passed).toEqual([
      'a return is approved',
      'a return is refused',
      'a return is requested',
      'a return refuses an unknown id',
      'a row of return-view keeps its id and its version after ReturnApproved',
      'a row of return-view keeps its id and its version after ReturnRefused',
      'a row of return-view keeps its id and its version after ReturnRequested',
      'returns the row with the id',
      'throws when there is none',
    ]);
  });

  it('passes types, lint and its unit tests once it is filled in, and is formatted as Prettier does', async () => {
    const mine = Object.entries(memory.files).filter(([path]) => FILES.test(path));
    const settings = await resolveConfig(import.meta.filename);
    const misshapen: string[] = [];
    for (const [path, text] of mine) {
      if (!(await check(text, { ...settings, filepath: path }))) misshapen.push(path);
    }

    expect(mine.length).toBeGreaterThan(30);
    expect(checked.number_of_files).toBeGreaterThan(mine.length);
    expect(checked.diagnostics.filter(({ filename }) => FILES.test(filename))).toEqual([]);
    expect(misshapen).toEqual([]);
    expect(tests.in('src/returns/')).toMatchObject({ failed: [], passed: { length: 13 } });
  });

  it('has routes whose own tests pass, and works, on both databases', () => {
    expect(tests.in('test/returns/')).toMatchObject({ failed: [], passed: { length: 14 } });
  });
});

interface OxlintReport {
  readonly diagnostics: { readonly code: string; readonly message: string; readonly filename: string }[];
  readonly number_of_files: number;
}

/** Checks types and style of all stages in one pass over the project. */
async function lint(project: ProjectCopy): Promise<OxlintReport> {
  const folders = ['src/returns', 'test/returns', ...Object.keys(STAGES).map((stage) => `src/returns-${stage}`)];
  const options = ['--type-aware', '--type-check', '--format=json'];
  const { stdout } = await project.node('node_modules/oxlint/bin/oxlint', ...options, ...folders);
  return JSON.parse(stdout) as OxlintReport;
}

function isTypeError(code: string): boolean {
  return /^typescript\(TS\d+\)$/.test(code);
}

/** Runs unit tests and tests over HTTP, with one start of Jest. */
async function runTests(project: ProjectCopy, ...folders: readonly string[]) {
  const results = join(project.folder, 'results.json');
  const selected = ['--selectProjects', 'unit', 'e2e', '--testPathPatterns', ...folders];
  const ran = await project.node('tools/test.mjs', ...selected, '-i', '--ci', '--json', `--outputFile=${results}`);
  const { testResults } = JSON.parse(await readFile(results, 'utf8')) as {
    testResults: { name: string; message: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  return {
    /** Full names of the tests in a folder, by result. */
    in(folder: string): { failed: string[]; passed: string[] } {
      const files = testResults.filter(({ name }) => name.startsWith(join(project.folder, folder)));
      const found = files.flatMap(({ assertionResults }) => assertionResults);
      if (found.length === 0) throw new Error(`No test of ${folder} has run.\n${ran.stderr}`);
      const of = (status: string): string[] =>
        found
          .filter((test) => test.status === status)
          .map(({ fullName }) => fullName)
          .toSorted();
      return { failed: of('failed'), passed: of('passed') };
    },
  };
}
