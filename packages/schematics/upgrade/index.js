import { chain } from '@angular-devkit/schematics';
import { NodePackageInstallTask } from '@angular-devkit/schematics/tasks/index.js';
import { Project, QuoteKind } from 'ts-morph';
import { formatted } from '../project/formatted.js';
import { saying } from '../project/generator.js';
import { renewCalls } from './calls.js';
import { removeEmptyFolders } from './empty-folders.js';
import { importFromPackages } from './imports.js';
import { Left } from './left.js';
import { dependOnPackages } from './manifest.js';
import {
  isGone,
  isReleased,
  isUnchanged,
  isWritten,
  LAYOUT,
  placeOfText,
  releasedPaths,
  textToWrite,
} from './released.js';
import { rewire } from './wiring.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('@angular-devkit/schematics').Rule} Rule */

const KERNEL = 'src/event-sourcing';
const FOLDERS = ['src', 'test', 'tools'];
const PACKAGE_NAMES = /(?:from|import\()\s*['"](@[^/'"]+\/[^/'"]+|[^./'"][^/'"]*)/g;

/**
 * `nest upgrade`: replaces the kernel in `src/event-sourcing` by the packages. A changed file
 * stays, and is listed with everything else that is left to do. An application without the old layout is not changed.
 * @param {{ skipInstall?: boolean }} options
 * @returns {Rule}
 */
export function upgrade({ skipInstall = false }) {
  return (tree, context) => {
    if (!releasedPaths().some((path) => path.startsWith(`${KERNEL}/`) && tree.exists(path))) {
      return saying([
        `nothing was changed: there is no ${KERNEL} here, so this application has the packages already`,
        'Nest itself is upgraded with: npx nest upgrade -c @nestjs/schematics',
      ]);
    }
    const left = new Left();
    removeGone(tree, left);
    writeNew(tree, left);
    const imported = changeSources(tree, left);
    changeTexts(tree);
    if (dependOnPackages(tree, imported) && !skipInstall) context.addTask(new NodePackageInstallTask());
    left.addMentions(tree);
    return chain([formatted(), () => sayWhatIsLeft(left)]);
  };
}

/** Line numbers are those after formatting. @param {Left} left @returns {Rule} */
function sayWhatIsLeft(left) {
  return (tree) =>
    saying([
      ...left.lines(tree),
      'README.md and docs/ are unchanged, and describe the old layout',
      'run the compiler and the tests: npx tsc --noEmit && npm test',
    ]);
}

/** Removes the files that are in packages now. @param {Tree} tree @param {Left} left */
function removeGone(tree, left) {
  const there = releasedPaths().filter((path) => isGone(path) && tree.exists(path));
  const gone = there.filter((path) => isUnchanged(tree, path));
  for (const path of gone) tree.delete(path);
  for (const path of there.filter((each) => !gone.includes(each))) {
    left.add(
      path,
      'you changed it, so it is still here. Make the same change outside the package, then delete the file',
    );
  }
  for (const folder of LAYOUT.gone.filter((each) => each.endsWith('/'))) {
    tree.getDir(folder).visit((path) => {
      if (!isReleased(path.slice(1)) && !(path.slice(1) in LAYOUT.written))
        left.add(path.slice(1), `it is not Leftfold's, so it is still here. Move it out of ${folder}`);
    });
  }
  process.once('exit', () => {
    removeEmptyFolders(gone);
  });
}

/** Writes the files of the new layout. @param {Tree} tree @param {Left} left */
function writeNew(tree, left) {
  for (const path of Object.keys(LAYOUT.written)) {
    if (!tree.exists(path)) tree.create(path, textToWrite(path));
    else if (isUnchanged(tree, path)) tree.overwrite(path, textToWrite(path));
    else if (isReleased(path) && !isWritten(tree, path))
      left.add(path, `you changed it, so the upgrade left it as it is. Compare it with ${placeOfText(path)}`);
  }
}

/** @param {Tree} tree */
function changeTexts(tree) {
  for (const [path, changes] of Object.entries(LAYOUT.texts)) {
    if (!tree.exists(path)) continue;
    const text = tree.readText(path);
    const after = changes.reduce((changed, [from, to]) => changed.replace(from, () => to), text);
    if (after !== text) tree.overwrite(path, after);
  }
}

/** @param {Tree} tree @param {Left} left @returns {string[]} the imported packages */
function changeSources(tree, left) {
  const project = new Project({ useInMemoryFileSystem: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  /** @type {Set<string>} */
  const imported = new Set();
  for (const path of sourcesIn(tree)) {
    const text = tree.readText(path);
    for (const [, name = ''] of text.matchAll(PACKAGE_NAMES)) imported.add(name);
    const source = project.createSourceFile(`/${path}`, text);
    /** @type {import('./imports.js').Tell} */
    const tell = (node, what) => left.add(path, what, node.getText().split('\n')[0]);
    rewire(source, tell);
    importFromPackages(source, tell);
    renewCalls(source);
    if (source.getFullText() !== text) tree.overwrite(path, source.getFullText());
    source.forget();
  }
  return [...imported];
}

/** @param {Tree} tree @returns {string[]} */
function sourcesIn(tree) {
  /** @type {string[]} */
  const paths = [];
  for (const folder of FOLDERS) {
    tree.getDir(folder).visit((path) => {
      if (/\.[cm]?ts$/.test(path) && !path.includes('/node_modules/')) paths.push(path.slice(1));
    });
  }
  return paths.toSorted();
}
