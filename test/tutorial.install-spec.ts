/**
 * Does what docs/tutorial.md says, block by block, in a copy of the project. The format that it expects there:
 *
 * - ```bash blocks run in one shell, in order, in the folder of the copy, against `http://127.0.0.1:3000`. A block has to
 *   succeed, unless the paragraph above it, or the one above its output, says that it `fails`: then it has to fail.
 * - A block with `npm start` runs in the background, until another one takes its place, above which stands `Ctrl+C`.
 * - A ```text or ```json block below a ```bash block is what that prints, as in README.md (see readme-tour.install-spec.ts),
 *   errors included. Sizes in bytes are not compared.
 * - A ```ts block is a whole file, a ```diff block the changes in one. The paragraph above ends with its path in backticks
 *   and a colon. What a change replaces has to stand there exactly once; lines that begin with `@@` part changes.
 * - ```mermaid blocks are for people. There are no others.
 *
 * Some things are done in a shorter way than the reader's. The first `npx nest g` runs as it stands, the others in this
 * process. Scripts run without npm, and `npm start` does not build: readme-tour.install-spec.ts does both. Layout and style are
 * checked where the tutorial has changed something, and types in this process, of the feature alone.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nestGenerate } from '../tools/generators/nest-generate.js';
import { type TutorialOptions, TutorialSession } from '../tools/tour/tutorial-session.js';
import { tutorialIn } from '../tools/tour/tutorial.js';
import { TypeCheck } from '../tools/tour/type-check.js';
import { describeWithout, ProjectCopy } from './support/project-copy.js';
import { ADMIN_URL, createScratchFolder } from '../packages/core/test/support/test-run.mjs';

const ARCHITECTURE = 'test/architecture';
/** Parts about the feature. The rest is about the format itself. */
const RULES = 'test/architecture/dependencies test/architecture/contract-imports';
const STEP_TIMEOUT_MS = 300_000;
const CHANGED = ['src/returns', 'test/returns', 'src/app.module.ts', 'test/stored-events'];

const tutorial = await readFile(join(import.meta.dirname, '..', 'docs', 'tutorial.md'), 'utf8');
const steps = tutorialIn(tutorial);

describeWithout('returns')('docs/tutorial.md', () => {
  let session: TutorialSession;
  let stuckAt: number | undefined;

  beforeAll(async () => {
    const { folder } = await ProjectCopy.make();
    const home = await createScratchFolder('tutorial');
    for (const program of ['main', 'cli']) await writeProgram(folder, program);
    const env = {
      [ADMIN_URL]: process.env[ADMIN_URL],
      PATH: `${join(folder, 'node_modules', '.bin')}:${process.env.PATH}`,
      // Every command loads the same modules.
      NODE_COMPILE_CACHE: join(home, 'compiled'),
    };
    const shortcut = shortcuts(folder, await scriptsOf(folder));
    session = await TutorialSession.begin({ folder, home, env, shortcut });
  }, STEP_TIMEOUT_MS);

  afterAll(() => session.end(), STEP_TIMEOUT_MS);

  it('runs from the first command to the last test', () => {
    const kinds = steps.map(({ kind }) => kind);
    for (const kind of ['run', 'start', 'write', 'change']) expect(kinds).toContain(kind);
    expect(steps.length).toBeGreaterThanOrEqual(30);
    expect(steps.filter((step) => step.kind === 'run' && step.fails).length).toBeGreaterThanOrEqual(2);
    expect(steps.filter((step) => step.kind === 'run' && step.expected).length).toBeGreaterThanOrEqual(15);
  });

  it.each(steps)(
    'continues at line $line: $kind',
    async (step) => {
      if (stuckAt !== undefined) throw new Error(`Line ${stuckAt} of docs/tutorial.md did not work, so this can't.`);
      stuckAt = step.line;
      const { actual, expected } = await session.follow(step);
      expect(actual).toEqual(expected);
      stuckAt = undefined;
    },
    STEP_TIMEOUT_MS,
  );
});

/** The content of `dist` instead of a build: the program, compiled while it is loaded. */
async function writeProgram(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, 'dist'), { recursive: true });
  await writeFile(
    join(folder, 'dist', `${name}.js`),
    `import '../tools/jest/register.mjs';\nawait import('../src/${name}.js');\n`,
  );
}

function shortcuts(folder: string, scripts: Readonly<Record<string, string>>): TutorialOptions['shortcut'] {
  const types = new TypeCheck(folder, ['src/returns']);
  let generated = 0;
  return (line) => {
    if (line.startsWith('npx nest g ') && generated++ > 0)
      return nestGenerate(folder, line.slice('npx nest g '.length));
    if (line === 'npm run typecheck') return Promise.resolve(types.run());
    const [, name = '', args] = /^npm (?:run )?([\w:]+)(?: -- (.+))?$/.exec(line) ?? [];
    const script = scripts[name]?.replaceAll(/ \.(?= |$)/g, ` ${CHANGED.join(' ')}`);
    // One process instead of two workers, which would load the same modules.
    return script && (args === undefined ? script : `${script} ${args.replace(ARCHITECTURE, RULES)} --runInBand`);
  };
}

async function scriptsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return scripts;
}
