// `npm run fuzz -- --seed N --minutes M`: asks the application nearly right requests, and judges its answers by the OpenAPI document.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string', default: '1' } } });
if (!/^\d{1,4}$/.test(values.minutes) || (values.seed !== undefined && !/^\d{1,10}$/.test(values.seed))) {
  console.error('Give whole numbers: npm run fuzz -- --seed 7 --minutes 10');
  process.exit(2);
}
const env = { ...process.env, FUZZ_MINUTES: values.minutes, ...(values.seed && { FAULTS_SEED: values.seed }) };
const { status } = spawnSync(
  process.execPath,
  [join(import.meta.dirname, '../test.mjs'), '--selectProjects', 'e2e', '--testPathPatterns', 'test/fuzz/'],
  { stdio: 'inherit', env },
);
process.exit(status ?? 1);
