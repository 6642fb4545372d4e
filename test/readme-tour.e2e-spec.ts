/**
 * Does what the README shows, and compares. The format that it expects there:
 *
 * - Above the tour, a ```bash block starts the app: `OPERATOR_EMAIL=... OPERATOR_PASSWORD=... npm start`. What such a
 *   line (or an `export` line) sets is set here as well.
 * - The tour stands between `<!-- tour:start -->` and `<!-- tour:end -->`. Its ```bash blocks run in one shell, in
 *   order, against `http://127.0.0.1:3000`; `npx leftfold` is there, and works on the same data. The first command that fails, fails the test; so does a failure inside a
 *   pipe (`| head -1` breaks off its curl; use `| sed -n 1p`) and a variable that was never set.
 * - A ```json or ```text block after a ```bash block is what that block prints on standard output, all of it.
 *   - `json` is compared as values. `"...": "..."` in an object stands for any other keys, `"..."` at the end of a
 *     list for any further items.
 *   - `text` is compared line by line. A line `...` stands for any number of lines.
 *   - UUIDs, ISO times, HTTP dates and tokens equal any other, and may be written `<uuid>`, `<time>`, `<token>`.
 * - Other blocks, and prose, are for people. A ```bash block without an output has only to succeed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppProcess, killLeftovers } from './support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from './support/built-app.js';
import { createScratchFolder } from './support/test-run.mjs';
import { asInCheckout } from './support/tour/checkout.js';
import { comparable } from './support/tour/expected-output.js';
import { startEnvironmentIn, tourIn } from './support/tour/readme-tour.js';
import { runTour } from './support/tour/tour-session.js';

const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const steps = tourIn(readme).map((step, index) => ({ ...step, index }));

let outputs: string[];

beforeAll(async () => {
  const { main } = await builtApp();
  const data = { DATABASE_URL: `sqlite:${join(await createScratchFolder('tour-data'), 'events.sqlite')}` };
  const { url } = await AppProcess.start({
    script: main,
    env: { ...startEnvironmentIn(readme), ...data, PORT: '0' },
  });
  [, ...outputs] = await runTour([await asInCheckout(data), ...steps], url);
}, BUILD_TIMEOUT_MS + 90_000);

afterAll(killLeftovers);

it('has a tour that shows something', () => {
  expect(steps.length).toBeGreaterThanOrEqual(5);
  expect(steps.filter(({ expected }) => expected).length).toBeGreaterThanOrEqual(3);
});

it.each(steps)('prints what it shows (README.md, line $line)', ({ expected, index }) => {
  const { actual, expected: shown } = expected ? comparable(expected, outputs[index] ?? '') : nothingToCompare;

  expect(actual).toEqual(shown);
});

const nothingToCompare = { actual: 'ran', expected: 'ran' };
