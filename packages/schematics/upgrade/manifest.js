import { readFileSync } from 'node:fs';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

/**
 * @typedef {object} Manifest
 * @property {string[]} [workspaces]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 */

/** @type {{ version: string }} */
const OWN = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const PATH = 'package.json';
/** Dependencies of the packages. */
const BROUGHT = ['@fastify/helmet', '@nestjs/terminus', 'prom-client'];
/** Scripts that run removed files. */
const SCRIPTS = { fuzz: 'node tools/fuzz/run.mjs', 'docs:kernel': 'node tools/kernel-reference/write.mjs' };
const WORKSPACE = 'schematics';

/** @param {Tree} tree @param {readonly string[]} imported packages that sources import @returns {boolean} whether an install is needed */
export function dependOnPackages(tree, imported) {
  const text = tree.readText(PATH);
  /** @type {Manifest} */
  const manifest = JSON.parse(text);
  const range = `^${OWN.version}`;
  const wanted = { '@leftfold/core': range, '@leftfold/http': range, '@leftfold/operations': range };
  const unused = BROUGHT.filter((each) => !imported.includes(each));
  const { workspaces = [], ...rest } = manifest;
  const others = workspaces.filter((each) => each !== WORKSPACE);
  const changed = {
    ...rest,
    ...(others.length > 0 ? { workspaces: others } : {}),
    scripts: without(manifest.scripts, (name, script) =>
      Object.entries(SCRIPTS).some(([known, line]) => known === name && line === script),
    ),
    dependencies: sorted({ ...wanted, ...without(manifest.dependencies, (name) => unused.includes(name)) }),
    devDependencies: sorted({ '@leftfold/schematics': range, ...manifest.devDependencies }),
  };
  const after = `${JSON.stringify(changed, null, 2)}\n`;
  if (after === text) return false;
  tree.overwrite(PATH, after);
  return true;
}

/** @param {Record<string, string> | undefined} entries @param {(name: string, value: string) => boolean} unwanted */
function without(entries, unwanted) {
  return Object.fromEntries(Object.entries(entries ?? {}).filter(([name, value]) => !unwanted(name, value)));
}

/** @param {Record<string, string>} packages */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
