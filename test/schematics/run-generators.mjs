/**
 * Runs generators on a copy in memory of the project, as the Nest CLI does. Reads a list of cases from standard input, and
 * writes what each came to; see generate.ts. A process of its own: Jest can't load the generators.
 */
import { text } from 'node:stream/consumers';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node/index.js';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';

/** @typedef {import('./generate.js').Case} Case */
/** @typedef {import('./generate.js').Outcome} Outcome */

const root = process.cwd();
const runner = new SchematicTestRunner('leftfold', `${root}/schematics/collection.json`);

/** @param {Case} case_ @returns {Promise<Outcome>} */
async function run({ without = [], steps }) {
  let tree = await theProject(without);
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {string[]} */
  let written = [];
  for (const { generator, options } of steps) {
    try {
      tree = await runner.runSchematic(generator, options, tree);
    } catch (error) {
      return { refusal: error instanceof Error ? error.message : String(error), files, written: [] };
    }
    written = tree.actions
      .flatMap(({ kind, path }) => (kind === 'd' ? [] : [path.slice(1)]))
      .filter((path) => files[path] !== tree.readText(path))
      .toSorted((one, other) => one.localeCompare(other));
    for (const path of written) files[path] = tree.readText(path);
  }
  return { refusal: null, files, written };
}

/** Its deletions are not the generator's: they are done before there is anything to compare with. */
async function theProject(/** @type {readonly string[]} */ without) {
  const host = new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(root));
  if (without.length === 0) return new UnitTestTree(new HostTree(host));
  const cut = new virtualFs.test.TestHost();
  const whole = new HostTree(host);
  for (const folder of ['src', 'test']) {
    whole.getDir(folder).visit((path) => {
      if (without.some((each) => path.startsWith(`/${each}/`) || path === `/${each}`)) return;
      cut.sync.write(path, virtualFs.stringToFileBuffer(whole.readText(path)));
    });
  }
  return new UnitTestTree(new HostTree(cut));
}

/** @type {Case[]} */
const cases = JSON.parse(await text(process.stdin));
const outcomes = [];
for (const each of cases) outcomes.push(await run(each));
process.stdout.write(JSON.stringify(outcomes));
