import ts from 'typescript';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {{ readonly start: number, readonly end: number }} Range */

const NO_SOURCE = /(?:\.d|[.-](?:spec|test))\.[cm]?ts$/;

/** The TypeScript files in a folder, without tests. @param {Tree} tree @param {string} folder @returns {string[]} */
export function sourcesIn(tree, folder) {
  /** @type {string[]} */
  const paths = [];
  tree.getDir(folder).visit((path) => {
    if (path.endsWith('.ts') && !NO_SOURCE.test(path) && !path.includes('/node_modules/')) paths.push(path.slice(1));
  });
  return paths.toSorted();
}

/** @param {string} text @returns {ts.SourceFile} */
export function parsed(text) {
  return ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
}

/**
 * All nodes below one, from top to bottom.
 * @param {ts.Node} node @returns {Generator<ts.Node>}
 */
export function* nodesIn(node) {
  for (const child of node.getChildren()) {
    yield child;
    yield* nodesIn(child);
  }
}

/** Imports from a package. @param {ts.SourceFile} source @param {string} from @returns {ts.ImportDeclaration[]} */
export function importsFrom(source, from) {
  return source.statements
    .filter((each) => ts.isImportDeclaration(each))
    .filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === from);
}

/**
 * What a file calls a name that it imports; undefined when it does not.
 * @param {ts.SourceFile} source @param {string} name @param {string} from
 * @returns {ts.ImportSpecifier | undefined}
 */
export function importOf(source, name, from) {
  return importsFrom(source, from)
    .flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    })
    .find((each) => (each.propertyName ?? each.name).text === name);
}

/** @param {string} text @param {Range} range @param {string} by */
export function replaced(text, { start, end }, by) {
  return text.slice(0, start) + by + text.slice(end);
}

/**
 * What to cut so that an item goes out of its list, with its comma.
 * @param {ts.NodeArray<ts.Node>} list @param {ts.Node} item
 * @returns {Range}
 */
export function itemRange(list, item) {
  const index = list.indexOf(item);
  const [before, after] = [list[index - 1], list[index + 1]];
  if (after) return { start: item.getStart(), end: after.getStart() };
  return before ? { start: before.end, end: item.end } : { start: list.pos, end: list.end };
}
