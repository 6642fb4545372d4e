import { Refusal } from './refusal.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

const MANIFEST = 'package.json';
const NEST_CLI = 'nest-cli.json';
const COLLECTION = /"collection"\s*:\s*"@leftfold\/schematics"/;
/** What a route that is generated imports from the application. */
const ROLES = 'src/platform/auth/roles.decorator.ts';
const TEST_SUPPORT = ['databases', 'expectations', 'test-app'].map((name) => `test/support/${name}.ts`);

/** Whether the application is made of ES modules. @param {Tree} tree */
export function isEsm(tree) {
  return manifestOf(tree).type === 'module';
}

/** The command that checks types. @param {Tree} tree */
export function typeCheck(tree) {
  return hasScript(tree, 'typecheck') ? 'npm run typecheck' : 'npx tsc --noEmit';
}

/**
 * A sentence as people type it here: `nest g` finds these generators by itself only when nest-cli.json names them.
 * @param {Tree} tree @param {string} sentence
 * @param {string} [project] the one that was named, of a workspace of several
 */
export function asTypedHere(tree, sentence, project) {
  const isDefault = tree.exists(NEST_CLI) && COLLECTION.test(tree.readText(NEST_CLI));
  const options = `${isDefault ? '' : '-c @leftfold/schematics '}${project ? `-p ${project} ` : ''}`;
  return sentence.replaceAll('npx nest g ', `npx nest g ${options}`);
}

/** @param {Tree} tree @param {string} script */
export function hasScript(tree, script) {
  return manifestOf(tree).scripts?.[script] !== undefined;
}

/**
 * Whether the application has what the tests of generated routes import.
 * @param {Tree} tree
 */
export function hasTestSupport(tree) {
  return TEST_SUPPORT.every((path) => tree.exists(path));
}

/** Refuses to generate a route when the files that it imports are missing. @param {Tree} tree */
export function refuseRoutesWithoutRoles(tree) {
  if (tree.exists(ROLES)) return;
  throw new Refusal(
    `There is no ${ROLES}, which the routes of Leftfold's own application use. Leave route out, and call the bus from a controller of your own.`,
  );
}

/** @param {Tree} tree @returns {{ type?: string, scripts?: Record<string, string> }} */
function manifestOf(tree) {
  return tree.exists(MANIFEST) ? JSON.parse(tree.readText(MANIFEST)) : {};
}
