import { createHash } from 'node:crypto';
import sequencer from '@jest/test-sequencer';

/** Its types are those of a CommonJS module, and Node loads the other one. */
const LongestFirst = /** @type {typeof sequencer.default} */ (/** @type {unknown} */ (sequencer));

/** They start so many programs that one of them, begun last, would keep a run waiting. */
const LONGEST =
  /\/(create-leftfold|foreign-application|readme-tour|tutorial)\.install-spec\.ts$|\/startup\.e2e-spec\.ts$/;

/** A whole number; with it, files run in an order that it alone decides. It finds tests that rely on files before them. */
const SEED = process.env.LEFTFOLD_ORDER_SEED;

/**
 * The longest test files first, as Jest has it, and every third one a test of faults as long as there are any: those wait for
 * leases and for other processes, and two beside one another would leave the processor idle.
 */
export default class Sequencer extends LongestFirst {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   * @returns {Promise<import('@jest/test-result').Test[]>}
   */
  async sort(tests) {
    if (SEED) return tests.toSorted((one, other) => rank(one.path).localeCompare(rank(other.path)));
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's, which leaves the array alone
    const sorted = await super.sort(tests);
    const rest = sorted.toSorted((one, other) => Number(LONGEST.test(other.path)) - Number(LONGEST.test(one.path)));
    const faults = rest.filter((test) => isOfFaults(test));
    const others = rest.filter((test) => !isOfFaults(test));
    const mixed = faults.flatMap((test, index) => [test, ...others.slice(2 * index, 2 * index + 2)]);
    return [...mixed, ...others.slice(2 * faults.length)];
  }
}

/** @param {import('@jest/test-result').Test} test */
function isOfFaults({ context }) {
  return context.config.displayName?.name === 'faults';
}

/** @param {string} path */
function rank(path) {
  return createHash('sha256').update(`${SEED} ${path}`).digest('hex');
}
