import { Project, QuoteKind } from 'ts-morph';
import { Refusal } from './refusal.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('ts-morph').SourceFile} SourceFile */

/** @param {Tree} tree @param {string} path @returns {SourceFile} */
export function sourceOf(tree, path) {
  const files = new Project({ useInMemoryFileSystem: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  return files.createSourceFile(path, tree.readText(path));
}

/**
 * Changes an existing file. Prettier formats it later.
 * @param {Tree} tree
 * @param {string} path
 * @param {(source: SourceFile) => void} change
 */
export function edit(tree, path, change) {
  const source = sourceOf(tree, path);
  const before = source.getFullText();
  change(source);
  if (source.getFullText() !== before) tree.overwrite(path, source.getFullText());
}

/**
 * @param {SourceFile} source
 * @param {string} name
 */
export function classOf(source, name) {
  const found = source.getClass(name);
  if (!found)
    throw new Refusal(`${source.getFilePath().slice(1)} has no class ${name}. Nothing can be registered there.`);
  return found;
}

/**
 * The names of the files in a folder with this ending, without it; none when there is no such folder.
 * @param {Tree} tree
 * @param {string} folder
 * @param {string} ending
 */
export function namesIn(tree, folder, ending) {
  return tree
    .getDir(folder)
    .subfiles.filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();
}
