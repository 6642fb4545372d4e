import { readFileSync } from 'node:fs';
import { Refusal } from './refusal.js';

/**
 * @typedef {object} Manifest
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, unknown>} [overrides]
 */

/** @type {{ version: string, peerDependencies: Record<string, string>, peerDependenciesMeta: Record<string, unknown> }} */
const OWN = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const PATH = 'package.json';
const DRIVERS = { sqlite: 'better-sqlite3', postgres: 'pg' };

/**
 * Adds what is missing to package.json.
 * @param {import('@angular-devkit/schematics').Tree} tree
 * @param {'sqlite' | 'postgres'} database
 * @returns {boolean} whether something is to be installed
 */
export function addPackages(tree, database) {
  if (!tree.exists(PATH))
    throw new Refusal('There is no package.json here. Run the command in the folder of the application.');
  const text = tree.readText(PATH);
  /** @type {Manifest} */
  const manifest = JSON.parse(text);
  const there = { ...manifest.devDependencies, ...manifest.dependencies };
  const needed = neededFor(database);
  for (const [name, range] of Object.entries(needed)) refuseOther(name, there[name], range);

  const dependencies = missing({ '@leftfold/core': `^${OWN.version}`, ...needed }, there);
  const devDependencies = missing({ '@leftfold/schematics': `^${OWN.version}` }, there);
  if (Object.keys({ ...dependencies, ...devDependencies }).length === 0) return false;

  const changed = {
    ...manifest,
    dependencies: sorted({ ...manifest.dependencies, ...dependencies }),
    devDependencies: sorted({ ...manifest.devDependencies, ...devDependencies }),
  };
  if (DRIVERS.sqlite in dependencies) changed.overrides = withDriver(manifest.overrides);
  const [, indent = '  '] = /^\{\r?\n([ \t]+)/.exec(text) ?? [];
  tree.overwrite(PATH, `${JSON.stringify(changed, null, indent)}\n`);
  return true;
}

/** Peers that every application needs, and the driver. @param {'sqlite' | 'postgres'} database @returns {Record<string, string>} */
function neededFor(database) {
  const driver = DRIVERS[database];
  const peers = Object.entries(OWN.peerDependencies).filter(
    ([name]) => name === driver || !(name in OWN.peerDependenciesMeta),
  );
  return Object.fromEntries(peers);
}

/**
 * The newest of the versions that a range allows, for those that are missing.
 * @param {Record<string, string>} wanted @param {Record<string, string>} there
 * @returns {Record<string, string>}
 */
function missing(wanted, there) {
  const absent = Object.entries(wanted).filter(([name]) => !(name in there));
  return Object.fromEntries(absent.map(([name, range]) => [name, newest(range)]));
}

/** @param {string} range `^12.0.0 || ^13.0.0` */
function newest(range) {
  return range.split('||').at(-1)?.trim() ?? range;
}

/** @param {string} name @param {string | undefined} asked what the application asks for @param {string} range what is needed */
function refuseOther(name, asked, range) {
  const major = majorOf(asked ?? '');
  if (major === undefined || range.split('||').some((each) => majorOf(each) === major)) return;
  const update = name.startsWith('@nestjs/') ? 'npx nest upgrade' : `npm install ${name}@"${newest(range)}"`;
  throw new Refusal(
    `package.json asks for ${name} ${asked}, and @leftfold/core needs ${range}. Update it first, for example with: ${update}`,
  );
}

/** Undefined for `latest`, `file:...` and the like. @param {string} range */
function majorOf(range) {
  return /^[\s^~>=v]*(\d+)/.exec(range)?.[1];
}

/**
 * TypeORM names better-sqlite3 12 as its peer; 13 is used in the same way, and does not crash on Node.js 24.
 * @param {Record<string, unknown> | undefined} overrides
 */
function withDriver(overrides) {
  const typeorm = overrides?.typeorm;
  const known = typeof typeorm === 'object' && typeorm !== null ? typeorm : {};
  return { ...overrides, typeorm: { [DRIVERS.sqlite]: `$${DRIVERS.sqlite}`, ...known } };
}

/** @param {Record<string, string>} packages */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
