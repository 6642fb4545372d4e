// Line and branch coverage of the application and the packages, and which test files ran which line, from a run with LEFTFOLD_COVERAGE set:
//   LEFTFOLD_COVERAGE=/tmp/counters npm test; node tools/code-coverage/report.mjs /tmp/counters
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../jest/compile.mjs';
import { instrument } from './instrument.mjs';

const GROUPS = ['packages/core/src', 'src/platform', 'src'];

/**
 * @typedef {object} FileCoverage
 * @property {Map<number, Set<string>>} lines the test files that ran each line that has a statement
 * @property {number} branches
 * @property {number} branchesRun
 */

/**
 * @param {string} folder of counters
 * @returns {Map<string, FileCoverage>} by source file
 */
export function readCoverage(folder) {
  /** @type {Map<string, FileCoverage & { statements: Record<string, { start: { line: number } }>, taken: Set<string> }>} */
  const files = new Map();
  const packages = readdirSync(join(REPOSITORY, 'packages')).map((name) => `packages/${name}/src`);
  const sources = ['src', ...packages.filter((folder) => existsSync(join(REPOSITORY, folder)))].flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  for (const file of sources) {
    if (!/(?<!spec)\.ts$/.test(file) || /\/(testing|conformance)\//.test(file)) continue;
    const { statementMap, branchMap } = instrument(join(REPOSITORY, file), file).map;
    const lines = Object.values(statementMap).map(({ start }) => /** @type {const} */ ([start.line, new Set()]));
    const branches = Object.values(branchMap).reduce((sum, { locations }) => sum + locations.length, 0);
    files.set(file, { lines: new Map(lines), statements: statementMap, branches, branchesRun: 0, taken: new Set() });
  }
  for (const name of readdirSync(folder)) {
    const counted = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const [file, { s, b }] of Object.entries(counted.files)) {
      const known = files.get(file);
      if (!known) continue;
      for (const [id, count] of Object.entries(s)) {
        const line = known.statements[id]?.start.line ?? 0;
        if (Number(count) > 0) known.lines.get(line)?.add(counted.testFile);
      }
      for (const [id, counts] of Object.entries(b)) {
        for (const [path, count] of counts.entries()) if (count > 0) known.taken.add(`${id}.${path}`);
      }
    }
  }
  for (const each of files.values()) each.branchesRun = each.taken.size;
  return files;
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2];
  if (!folder) throw new Error('Name the folder of counters: node tools/code-coverage/report.mjs <folder>');
  const files = readCoverage(folder);
  for (const group of GROUPS) {
    const some = [...files].filter(([file]) => file.startsWith(`${group}/`)).map(([, each]) => each);
    const lines = some.flatMap((each) => [...each.lines.values()]);
    const branches = some.reduce((sum, each) => sum + each.branches, 0);
    const branchesRun = some.reduce((sum, each) => sum + each.branchesRun, 0);
    console.log(
      `${group}: lines ${share(lines.filter((tests) => tests.size > 0).length, lines.length)}, branches ${share(branchesRun, branches)}`,
    );
  }
}

/**
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return `${part} of ${whole} (${((100 * part) / whole).toFixed(2)} %)`;
}
