import ts from 'typescript';
import { Refusal } from './refusal.js';
import { importOf, importsFrom, itemRange, nodesIn, parsed, replaced } from './sources.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

const PACKAGE = '@nestjs/cqrs';
const MODULE = 'CqrsModule';
/** Lists of a module that name other modules. */
const LISTS = ['imports', 'exports'];

/** Whether the application uses the buses already. @param {Tree} tree @param {readonly string[]} sources */
export function usesCqrs(tree, sources) {
  return sources.some((path) => importsFrom(parsed(tree.readText(path)), PACKAGE).length > 0);
}

/**
 * Takes CqrsModule out of every module: it would bring buses of its own, and @leftfold/core refuses it at the start.
 * @param {Tree} tree @param {readonly string[]} sources
 * @returns {string[]} the files that changed
 */
export function removeCqrsModules(tree, sources) {
  return sources.filter((path) => {
    const before = tree.readText(path);
    if (!before.includes(MODULE)) return false;
    const after = withoutCqrsModule(before, path);
    if (after === before) return false;
    tree.overwrite(path, after);
    return true;
  });
}

/** One use after the other, because each cut moves what follows. @param {string} text @param {string} path @returns {string} */
function withoutCqrsModule(text, path) {
  const source = parsed(text);
  const imported = importOf(source, MODULE, PACKAGE);
  if (!imported) return text;
  const use = [...nodesIn(source)].find(
    (each) => ts.isIdentifier(each) && each.text === imported.name.text && !ts.isImportSpecifier(each.parent),
  );
  return use ? withoutCqrsModule(withoutUse(text, use, path), path) : withoutImport(text, imported);
}

/** @param {string} text @param {ts.Node} use @param {string} path */
function withoutUse(text, use, path) {
  const item = moduleOf(use, path);
  const list = item.parent;
  const property = list.parent;
  if (!ts.isArrayLiteralExpression(list) || !ts.isPropertyAssignment(property) || !isModuleList(property)) {
    throw new Refusal(
      `${path} uses ${MODULE} outside of the lists of a module. Take it out by hand, because EventSourcingModule brings the buses, and run the command again.`,
    );
  }
  if (list.elements.length > 1) return replaced(text, itemRange(list.elements, item), '');
  return replaced(text, itemRange(property.parent.properties, property), '');
}

/** `CqrsModule`, or the whole of `CqrsModule.forRoot()`. @param {ts.Node} use @param {string} path */
function moduleOf(use, path) {
  const access = use.parent;
  if (!ts.isPropertyAccessExpression(access)) return use;
  const call = access.parent;
  if (ts.isCallExpression(call) && access.name.text === 'forRoot' && call.arguments.length === 0) return call;
  throw new Refusal(
    `${path} gives ${MODULE} options, and EventSourcingModule brings the buses without them. Take the options out, decide what you did with them, and run the command again.`,
  );
}

/** @param {ts.PropertyAssignment} property */
function isModuleList({ name }) {
  return ts.isIdentifier(name) && LISTS.includes(name.text);
}

/** @param {string} text @param {ts.ImportSpecifier} imported */
function withoutImport(text, imported) {
  const { elements } = imported.parent;
  if (elements.length > 1) return replaced(text, itemRange(elements, imported), '');
  const declaration = imported.parent.parent.parent;
  const [lineBreak = ''] = /^\r?\n/.exec(text.slice(declaration.end)) ?? [];
  return replaced(text, { start: declaration.getStart(), end: declaration.end + lineBreak.length }, '');
}
