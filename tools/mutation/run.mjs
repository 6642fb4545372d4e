// Changes the kernel and the platform in a seeded sample of small ways, and counts the changes that no test notices:
//   LEFTFOLD_COVERAGE=/tmp/counters npm test
//   node tools/mutation/run.mjs --counters /tmp/counters [--mutants 120] [--seed 1] [--from 1] [--files 15] [--workers 2] [--only <mutants.json>]
// Each mutant is tried on a copy of the repository, against the test files that run its line: the most specific first, and at
// most `--files` of them. `--from 27` goes on with the 27th of the sample. The result is written to mutants.json in the current folder.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestPostgres } from '../../packages/core/test/support/test-postgres.mjs';
import { ADMIN_URL, createRunFolder, removeFolder } from '../../packages/core/test/support/test-run.mjs';
import { readCoverage } from '../code-coverage/report.mjs';
import { REPOSITORY } from '../jest/compile.mjs';
import { listMutants, sample } from './mutants.mjs';

const PARTS = ['src', 'packages', 'test', 'tools', 'docs', 'bin'];
const FILES = ['package.json', 'jest.config.mjs', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'README.md'];
/** Files of one call of Jest: the first few decide about most mutants. */
const FIRST = 4;
/** A mutant that makes the tests hang is noticed, too. In ms. */
const LIMIT = 240_000;

const { values: options } = parseArgs({
  options: {
    counters: { type: 'string' },
    mutants: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    files: { type: 'string', default: '15' },
    workers: { type: 'string', default: `${cpus().length}` },
    only: { type: 'string' },
    out: { type: 'string', default: 'mutants.json' },
  },
});
if (!options.counters) throw new Error('Name the folder of counters: --counters <folder>');

const coverage = readCoverage(options.counters);
/** How many lines each test file runs: one that runs few is specific. @type {Map<string, number>} */
const breadth = new Map();
for (const { lines } of coverage.values()) {
  for (const tests of lines.values()) for (const test of tests) breadth.set(test, (breadth.get(test) ?? 0) + 1);
}

const mutants = options.only
  ? /** @type {(import('./mutants.mjs').Mutant & { outcome?: string })[]} */ (
      JSON.parse(readFileSync(options.only, 'utf8'))
    ).filter(({ outcome }) => outcome !== 'noticed')
  : sample(listMutants(), Number(options.mutants), Number(options.seed)).slice(Number(options.from) - 1);

// One for all calls of Jest.
const folder = createRunFolder();
const postgres = await startTestPostgres(folder);
/** @type {object[]} */
const results = [];
let next = 0;
await Promise.all(Array.from({ length: Number(options.workers) }, worker));
await postgres.stop();
await removeFolder(folder);
const unnoticed = results.filter((result) => /** @type {{ outcome: string }} */ (result).outcome !== 'noticed');
console.log(`${results.length - unnoticed.length} of ${results.length} mutants were noticed. Seed ${options.seed}.`);

async function worker() {
  const copy = mkdtempSync(join(tmpdir(), 'leftfold-mutation-'));
  for (const part of [...PARTS, ...FILES]) {
    cpSync(join(REPOSITORY, part), join(copy, part), {
      recursive: true,
      filter: (from) => !from.includes('node_modules'),
    });
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (let at = next++; at < mutants.length; at = next++) {
    const mutant = mutants[at];
    if (mutant) await attempt(mutant, copy);
  }
  rmSync(copy, { recursive: true });
}

/**
 * @param {import('./mutants.mjs').Mutant} mutant
 * @param {string} copy
 */
async function attempt(mutant, copy) {
  const path = join(copy, mutant.file);
  const original = readFileSync(path, 'utf8');
  const covering = [...testsOf(mutant)].toSorted((a, b) => (breadth.get(a) ?? 0) - (breadth.get(b) ?? 0));
  const chosen = covering.slice(0, Number(options.files));
  let noticedBy;
  if (original.slice(mutant.start, mutant.end) === mutant.before) {
    writeFileSync(path, original.slice(0, mutant.start) + mutant.after + original.slice(mutant.end));
    for (const files of [chosen.slice(0, FIRST), chosen.slice(FIRST)]) {
      if (!noticedBy && files.length > 0 && !(await pass(copy, files))) noticedBy = files;
    }
    writeFileSync(path, original);
  } else {
    throw new Error(`${mutant.file} is no longer what the mutant was made of.`);
  }
  const outcome = noticedBy ? 'noticed' : chosen.length > 0 ? 'unnoticed' : 'not run by any test';
  results.push({ ...mutant, outcome, covering: covering.length, tried: chosen });
  // A run of hours may be stopped.
  writeFileSync(options.out, JSON.stringify(results, null, 2));
  console.log(
    `${outcome}: ${mutant.file}:${mutant.line} ${JSON.stringify(mutant.before)} -> ${JSON.stringify(mutant.after)}`,
  );
}

/** A statement of several lines is counted at its first. @param {import('./mutants.mjs').Mutant} mutant */
function testsOf({ file, line }) {
  const lines = coverage.get(file)?.lines;
  for (let at = line; at > line - 12; at--) {
    const tests = lines?.get(at);
    if (tests && tests.size > 0) return tests;
    if (tests) break;
  }
  return new Set();
}

/**
 * @param {string} cwd
 * @param {readonly string[]} files
 * @returns {Promise<boolean>}
 */
function pass(cwd, files) {
  const patterns = files.map((file) => file.replaceAll('.', '\\.'));
  const args = ['--import', './tools/jest/register.mjs', 'node_modules/jest/bin/jest.js', '-i', '--bail', '--silent'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args, '--testPathPatterns', ...patterns], {
      cwd,
      stdio: 'ignore',
      timeout: LIMIT,
      killSignal: 'SIGKILL',
      env: { ...process.env, [ADMIN_URL]: postgres.url },
    });
    child.once('close', (code) => resolve(code === 0));
  });
}
