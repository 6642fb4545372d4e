/**
 * Does what the README shows, in a copy of the project, and compares. The format that it expects there:
 *
 * - Above the tour, a ```bash block starts the app: `npm ci && npm start`. It runs as it stands, but for `npm ci`: it builds, and
 *   starts what was built.
 * - The tour stands between `<!-- tour:start -->` and `<!-- tour:end -->`. Its ```bash blocks run in one shell, in
 *   order, in the same folder, against `http://127.0.0.1:3000`. The first command that fails, fails the test; so does a failure
 *   inside a pipe (`| head -1` breaks off its curl; use `| sed -n 1p`) and a variable that was never set.
 * - A ```json or ```text block after a ```bash block is what that block prints on standard output, all of it.
 *   - `json` is compared as values. `"...": "..."` in an object stands for any other keys, `"..."` at the end of a
 *     list for any further items.
 *   - `text` is compared line by line. A line `...` stands for any number of lines.
 *   - UUIDs, ISO times, HTTP dates and tokens equal any other, and may be written `<uuid>`, `<time>`, `<token>`.
 * - Other blocks, and prose, are for people. A ```bash block without an output has only to succeed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../packages/core/test/support/free-port.mjs';
import { comparable } from '../tools/tour/expected-output.js';
import { startCommandsIn, tourIn } from '../tools/tour/readme-tour.js';
import { StartedApp } from '../tools/tour/started-app.js';
import { runTour, TERMINAL } from '../tools/tour/tour-session.js';
import { ProjectCopy } from './support/project-copy.js';

const LIMIT_MS = 300_000;

const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const steps = tourIn(readme).map((step, index) => ({ ...step, index }));

let app: StartedApp | undefined;
let url: string;
let outputs: string[];

beforeAll(async () => {
  const { folder } = await ProjectCopy.make();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { ...TERMINAL, PATH: process.env.PATH, HOME: folder, PORT: String(port) };
  app = await StartedApp.start(startCommandsIn(readme), folder, env, url);
  outputs = await runTour(steps, url, folder);
}, LIMIT_MS);

afterAll(() => app?.stop(), LIMIT_MS);

it('starts what the build wrote', async () => {
  expect(app?.output).toMatch(/^> node tools\/bundle\/build\.mjs$[^]*^> .*\bexec node dist\/main\.js\b/m);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
});

it('has a tour with outputs', () => {
  expect(steps.length).toBeGreaterThanOrEqual(5);
  expect(steps.filter(({ expected }) => expected).length).toBeGreaterThanOrEqual(3);
});

it.each(steps)('prints the output of README.md, line $line', ({ expected, index }) => {
  const { actual, expected: shown } = expected ? comparable(expected, outputs[index] ?? '') : nothingToCompare;

  expect(actual).toEqual(shown);
});

const nothingToCompare = { actual: 'ran', expected: 'ran' };
