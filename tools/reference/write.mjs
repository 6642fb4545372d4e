/**
 * Writes the pages of docs/reference that are made from docstrings: `npm run docs:reference`. With `-- --check` it writes
 * nothing, and fails when a page does not say what the docstrings say now.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageOf, PLANS } from './reference.mjs';

const check = process.argv.includes('--check');

for (const plan of PLANS) {
  const path = join(import.meta.dirname, '..', '..', 'docs', 'reference', plan.file);
  const text = await pageOf(plan);
  if (!check) await writeFile(path, text);
  else if (text !== (await readFile(path, 'utf8'))) {
    console.error(`docs/reference/${plan.file} is stale. Run "npm run docs:reference", and look at what it changed.`);
    process.exitCode = 1;
  }
}
if (check && !process.exitCode) console.log(`${PLANS.length} pages of docs/reference say what the docstrings say.`);
