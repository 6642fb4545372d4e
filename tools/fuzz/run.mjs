// `npm run fuzz -- --seed N --minutes M`: asks the application nearly right requests, and judges its answers by the OpenAPI document.
// `--route` and `--path` ask one request again; what it finds comes with the command.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const HIGHEST_SEED = 2 ** 31;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    route: { type: 'string' },
    path: { type: 'string' },
  },
});
const isNumber = (/** @type {string | undefined} */ text) => text === undefined || /^\d{1,10}$/.test(text);
if (!isNumber(values.seed) || !isNumber(values.minutes)) {
  console.error('Give whole numbers: npm run fuzz -- --seed 7 --minutes 10');
  process.exit(2);
}
if (values.path !== undefined && (values.seed === undefined || values.route === undefined)) {
  console.error('A --path leads to a request of one --seed and one --route: give all three, as they were printed.');
  process.exit(2);
}
const seed = values.seed ?? String(Math.floor(Math.random() * HIGHEST_SEED));
const env = {
  ...process.env,
  FUZZ_SEED: seed,
  FUZZ_MINUTES: values.minutes ?? (values.path === undefined ? '1' : '0'),
  ...(values.route !== undefined && { FUZZ_ROUTE: values.route }),
  ...(values.path !== undefined && { FUZZ_PATH: values.path }),
};
const { status } = spawnSync(
  process.execPath,
  [join(import.meta.dirname, '../test.mjs'), '--selectProjects', 'e2e', '--testPathPatterns', 'test/fuzz/'],
  { stdio: 'inherit', env },
);
process.exit(status ?? 1);
