import { forEach } from '@angular-devkit/schematics';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

/** Where the generators and their templates have the sources. */
const SOURCES = /^\/?src(?=\/|$)/;

/**
 * The tree with the sources in `src`, wherever nest-cli.json has them: in a workspace of several projects they are in `apps/shop/src`.
 * @param {Tree} tree @param {string} sourceRoot as the Nest CLI hands it on
 * @returns {Tree}
 */
export function withSourcesInSrc(tree, sourceRoot) {
  if (sourceRoot === 'src') return tree;
  const moved = (/** @type {string} */ path) =>
    `${path}/`.replace(/^\//, '').startsWith(`${sourceRoot}/`) ? path : path.replace(SOURCES, sourceRoot);
  return new Proxy(tree, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (/** @type {unknown} */ path, /** @type {unknown[]} */ ...more) =>
        member.call(target, typeof path === 'string' ? moved(path) : path, ...more);
    },
  });
}

/** Moves files from `src` to where the sources are. @param {string} sourceRoot */
export function movedTo(sourceRoot) {
  return forEach(({ path, content }) => ({
    path: /** @type {typeof path} */ (path.replace(SOURCES, `/${sourceRoot}`)),
    content,
  }));
}

/** A sentence with the paths of this application. @param {string} sentence @param {string} sourceRoot */
export function withPathsIn(sentence, sourceRoot) {
  return sentence.replaceAll(/(?<![\w./-])src\b/g, sourceRoot);
}
