/**
 * Does what docs/tutorial.md says, block by block, in a copy of the project. The format that it expects there:
 *
 * - ```bash blocks run in one shell, in order, in the folder of the copy, against `http://127.0.0.1:3000`. A block has to
 *   succeed, unless the paragraph above it, or the one above its output, says that it `fails`: then it has to fail.
 * - A block with `npm start` runs in the background, until another one takes its place, above which stands `Ctrl+C`.
 * - A ```text or ```json block below a ```bash block is what that prints, as in README.md (see readme-tour.e2e-spec.ts),
 *   errors included. Sizes in bytes are not compared.
 * - A ```ts block is a whole file, a ```diff block the changes in one. The paragraph above ends with its path in backticks
 *   and a colon. What a change replaces has to stand there exactly once; lines that begin with `@@` part changes.
 * - ```mermaid blocks are for people. There are no others.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithout } from './support/project-copy.js';
import { TutorialSession } from './support/tour/tutorial-session.js';
import { tutorialIn } from './support/tour/tutorial.js';

const STEP_TIMEOUT_MS = 300_000;

const tutorial = await readFile(join(import.meta.dirname, '..', 'docs', 'tutorial.md'), 'utf8');
const steps = tutorialIn(tutorial);

describeWithout('returns')('docs/tutorial.md', () => {
  let session: TutorialSession;
  let stuckAt: number | undefined;

  beforeAll(async () => {
    session = await TutorialSession.begin();
  }, STEP_TIMEOUT_MS);

  afterAll(() => session.end(), STEP_TIMEOUT_MS);

  it('leads from the first command to the last test', () => {
    const kinds = steps.map(({ kind }) => kind);
    for (const kind of ['run', 'start', 'write', 'change']) expect(kinds).toContain(kind);
    expect(steps.length).toBeGreaterThanOrEqual(30);
    expect(steps.filter((step) => step.kind === 'run' && step.fails).length).toBeGreaterThanOrEqual(2);
    expect(steps.filter((step) => step.kind === 'run' && step.expected).length).toBeGreaterThanOrEqual(15);
  });

  it.each(steps)(
    'goes on at line $line: $kind',
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
