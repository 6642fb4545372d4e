import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

/**
 * @typedef {object} Layout
 * @property {string[]} gone files, and folders with a slash at the end
 * @property {Record<string, [before: string, after: string][]>} texts replacements in other files, which name removed folders
 * @property {Record<string, string>} written where each template goes
 * @property {Record<string, string>} partsOfOperations modules that `OperationsModule` includes, by their old files
 */

const RECORD = new URL('./before-packages/', import.meta.url);

/** @type {Layout} */
export const LAYOUT = JSON.parse(text('layout.json'));
/** The new place of each name that a released file exported: `<package or file>`, or `<package or file>#<new name>`. */
/** @type {Record<string, Record<string, string>>} */
const EXPORTS = JSON.parse(text('exports.json'));
/** Hashes of the released files that are removed or rewritten, by path. */
const HASHES = new Map(
  text('released.txt')
    .trimEnd()
    .split('\n')
    .map((line) => /** @type {[string, string]} */ (line.split(' ').toReversed())),
);

/** The released files that are removed or rewritten. @returns {string[]} */
export function releasedPaths() {
  return [...HASHES.keys()];
}

/** Whether the file is unchanged since the release. @param {Tree} tree @param {string} path */
export function isUnchanged(tree, path) {
  const released = tree.readText(path).replaceAll('\r\n', '\n');
  return createHash('sha256')
    .update(released)
    .digest('hex')
    .startsWith(HASHES.get(path) ?? 'none');
}

/** Whether the release had the file, and the upgrade removes or rewrites it. @param {string} path */
export function isReleased(path) {
  return HASHES.has(path);
}

/** Whether the file is now in a package, or belonged to one that is. @param {string} path */
export function isGone(path) {
  return HASHES.has(path) && !(path in LAYOUT.written);
}

/** @param {string} path a removed file @param {string} name that it exported @returns {{ from: string, name: string } | undefined} */
export function placeOf(path, name) {
  const place = EXPORTS[path]?.[name];
  if (place === undefined) return undefined;
  const [from = '', newName = name] = place.split('#');
  return { from, name: newName };
}

/** The text of a file in the new layout. @param {string} path */
export function textToWrite(path) {
  return readFileSync(new URL(`./files/${LAYOUT.written[path]}`, import.meta.url), 'utf8');
}

/** Whether the file has that text already, in any formatting. @param {Tree} tree @param {string} path */
export function isWritten(tree, path) {
  const [there = '', wanted = ''] = [tree.readText(path), textToWrite(path)].map((each) =>
    each.replaceAll(/[\s,;'"]/g, ''),
  );
  return there === wanted;
}

/** Where a developer finds that text. @param {string} path */
export function placeOfText(path) {
  return `node_modules/@leftfold/schematics/upgrade/files/${LAYOUT.written[path]}`;
}

/** @param {string} name */
function text(name) {
  return readFileSync(new URL(name, RECORD), 'utf8');
}
