/**
 * Runs generators on a copy in memory of the project, as the Nest CLI does. Reads a list of cases from standard input, each
 * a list of steps on top of one another; writes what each came to. A process of its own: Jest can't load the generators.
 */
import { text } from 'node:stream/consumers';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node/index.js';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';

/**
 * @typedef {{ generator: string, options: Record<string, unknown>, edits?: Record<string, readonly [string, string]> }} Step
 * `edits`: per file, a text and what stands there instead, after the step
 * @typedef {object} Outcome
 * @property {string | null} refusal why the last step wrote nothing
 * @property {Record<string, string>} files what was written or changed by all the steps
 * @property {string[]} written the names of those that the last step wrote or changed
 */

const root = process.cwd();
const collection = `${root}/schematics/collection.json`;

/** @param {readonly Step[]} steps @returns {Promise<Outcome>} */
async function run(steps) {
  const host = new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(root));
  let tree = new UnitTestTree(new HostTree(host));
  const runner = new SchematicTestRunner('leftfold', collection);
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {string[]} */
  let written = [];
  for (const { generator, options, edits = {} } of steps) {
    try {
      tree = await runner.runSchematic(generator, options, tree);
    } catch (error) {
      return { refusal: error instanceof Error ? error.message : String(error), files, written: [] };
    }
    written = changed(tree, files);
    for (const [path, [before, after]] of Object.entries(edits)) {
      if (!tree.readText(path).includes(before)) throw new Error(`${path} has no ${before}`);
      tree.overwrite(path, tree.readText(path).replace(before, after));
    }
    changed(tree, files);
  }
  return { refusal: null, files, written };
}

/** @param {UnitTestTree} tree @param {Record<string, string>} files */
function changed(tree, files) {
  const paths = tree.actions.flatMap(({ kind, path }) => (kind === 'd' ? [] : [path.slice(1)]));
  const fresh = paths.filter((path) => files[path] !== tree.readText(path));
  for (const path of fresh) files[path] = tree.readText(path);
  return fresh.toSorted((one, other) => one.localeCompare(other));
}

/** @type {Step[][]} */
const cases = JSON.parse(await text(process.stdin));
const outcomes = [];
for (const steps of cases) outcomes.push(await run(steps));
process.stdout.write(JSON.stringify(outcomes));
