// Sums up what Jest wrote with --json: `node tools/report-tests.mjs <results.json> [<results.json>…]`
// On standard error: time by project, and the slowest files. On standard output: `N passed, N failed, N skipped`.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const SLOWEST = 20;
const ENDINGS = {
  unit: '.spec.ts',
  int: '.int-spec.ts',
  e2e: '.e2e-spec.ts',
  faults: '.faults-spec.ts',
  install: '.install-spec.ts',
};

/** @type {import('@jest/test-result').FormattedTestResults[]} */
const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const files = runs
  .flatMap((run) => run.testResults)
  .map(({ name, startTime, endTime, assertionResults }) => ({
    name: relative(process.cwd(), name),
    seconds: Math.max(0, endTime - startTime) / 1000,
    tests: assertionResults.length,
  }));

console.error('Seconds in test files, summed over workers:');
for (const [kind, ending] of Object.entries(ENDINGS)) {
  const some = files.filter(({ name }) => name.endsWith(ending));
  const seconds = some.reduce((sum, file) => sum + file.seconds, 0);
  const tests = some.reduce((sum, file) => sum + file.tests, 0);
  console.error(`${seconds.toFixed(0).padStart(6)}  ${kind}: ${tests} tests in ${some.length} files`);
}
console.error('The slowest files:');
for (const { name, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)) {
  console.error(`${seconds.toFixed(1).padStart(6)}  ${name}`);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const run of runs) {
  counts.passed += run.numPassedTests;
  // A suite that could not even be loaded has no tests to count, so it counts as one that failed.
  counts.failed += run.numFailedTests + run.numRuntimeErrorTestSuites;
  counts.skipped += run.numPendingTests;
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
