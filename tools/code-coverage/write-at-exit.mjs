// Imported by every instrumented source file: a program that a test has started writes its counters when it ends. A Jest
// worker writes after each test file instead.
import { writeCounters } from './counters.mjs';

const { LEFTFOLD_COVERAGE: folder, LEFTFOLD_COVERAGE_OF: testFile, JEST_WORKER_ID: worker } = process.env;
const state = /** @type {{ leftfoldCoverage?: boolean }} */ (globalThis);

if (folder && testFile && !worker && !state.leftfoldCoverage) {
  state.leftfoldCoverage = true;
  process.on('exit', () => writeCounters(folder, testFile));
}
