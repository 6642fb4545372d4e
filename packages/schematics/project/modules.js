import { posix } from 'node:path';
import { Node, SyntaxKind } from 'ts-morph';
import { importName } from './imports.js';
import { Refusal } from './refusal.js';
import { classOf, edit } from './source-files.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('ts-morph').SourceFile} SourceFile */
/** @typedef {import('ts-morph').ObjectLiteralExpression} ObjectLiteral */
/** @typedef {import('./features.js').Feature} Feature */

/** Other modules, such as TypeORM's, have a `forFeature` too. */
const FOR_FEATURE = 'EventSourcingModule.forFeature';
const FOR_ROOT = /EventSourcingModule\s*\.forRoot(?:Async)?\(/;

const PROPERTY_ORDERS = [
  ['imports', 'controllers', 'providers', 'exports'],
  ['aggregates', 'events', 'decisionModels', 'readModels', 'besideTheLog', 'migrations'],
  ['events', 'views'],
];

/**
 * Adds a handler to the list of its kind, `COMMAND_HANDLERS` or `QUERY_HANDLERS`, which the module's providers include.
 * @param {Tree} tree @param {Feature} feature
 * @param {string} list @param {string} handler @param {string} from
 */
export function registerHandler(tree, feature, list, handler, from) {
  edit(tree, feature.modulePath, (source) => {
    const known = source.getVariableDeclaration(list)?.getInitializerIfKind(SyntaxKind.ArrayLiteralExpression);
    if (known) {
      known.addElement(handler);
    } else {
      const at = classOf(source, feature.moduleClass).getChildIndex();
      source.insertStatements(at, `\nconst ${list} = [${handler}];\n`);
      listIn(moduleOptions(source, feature.moduleClass), 'providers').addElement(`...${list}`);
    }
    importName(source, handler, from);
  });
}

/**
 * Adds a class to a list of the module, such as `providers`.
 * @param {Tree} tree @param {Feature} feature
 * @param {string} list @param {string} name @param {string} from
 */
export function registerInModule(tree, feature, list, name, from) {
  edit(tree, feature.modulePath, (source) => {
    const options = moduleOptions(source, feature.moduleClass);
    const names = listIn(options, list);
    if (names.getElements().some((element) => element.getText() === name)) return;
    names.addElement(name);
    importName(source, name, from);
  });
}

/**
 * Adds a class to a list in the options of `EventSourcingModule.forFeature`: `aggregates`, `decisionModels`, `readModels`, or migrations.
 * @param {Tree} tree @param {Feature} feature
 * @param {readonly [string] | readonly [string, string]} path @param {string} name @param {string} from
 */
export function registerInKernel(tree, feature, [first, second], name, from) {
  edit(tree, feature.modulePath, (source) => {
    const definition = kernelDefinition(source, feature);
    if (second !== undefined && !definition.getProperty(first)) {
      insert(definition, first, `{ ${second}: [${name}] }`);
    } else {
      const list = second === undefined ? listIn(definition, first) : listIn(objectIn(definition, first), second);
      list.addElement(name);
    }
    importName(source, name, from);
  });
}

/** @param {Tree} tree @param {string} moduleClass @param {string} file below `src`, as it is imported */
export function registerInApp(tree, moduleClass, file) {
  const path = rootModule(tree);
  const from = posix.relative(posix.dirname(path), `src/${file}`);
  edit(tree, path, (source) => {
    const imports = source
      .getDescendantsOfKind(SyntaxKind.PropertyAssignment)
      .filter((property) => property.getName() === 'imports')
      .map((property) => property.getInitializerIfKind(SyntaxKind.ArrayLiteralExpression))
      .find((list) => list !== undefined);
    if (!imports) throw new Refusal(`${path} has no list of imports to put ${moduleClass} into.`);
    imports.addElement(moduleClass);
    importName(source, moduleClass, from.startsWith('.') ? from : `./${from}`);
  });
}

/** `app.module.ts`, or under another name the module that imports Leftfold. @param {Tree} tree @returns {string} */
function rootModule(tree) {
  const usual = 'src/app.module.ts';
  if (tree.exists(usual)) return usual;
  const { path: sources } = tree.getDir('src');
  /** @type {string[]} */
  const found = [];
  tree.getDir('src').visit((path) => {
    if (path.endsWith('.module.ts') && FOR_ROOT.test(tree.readText(path))) found.push(path);
  });
  if (found[0]) return `src${found[0].slice(sources.length)}`;
  throw new Refusal(
    `There is no ${usual}, and no module that calls EventSourcingModule.forRoot. Run the command in the folder of the project.`,
  );
}

/** @param {SourceFile} source @param {string} moduleClass */
function moduleOptions(source, moduleClass) {
  const decorator = classOf(source, moduleClass).getDecorator('Module');
  const [options] = decorator?.getArguments() ?? [];
  if (Node.isObjectLiteralExpression(options)) return options;
  throw new Refusal(`${moduleClass} has no @Module({ ... }). Nothing can be registered there.`);
}

/** @param {SourceFile} source @param {Feature} feature */
function kernelDefinition(source, feature) {
  const imports = listIn(moduleOptions(source, feature.moduleClass), 'imports');
  const known = imports
    .getElements()
    .find((element) => Node.isCallExpression(element) && element.getExpression().getText() === FOR_FEATURE);
  const call = known ?? imports.addElement(`${FOR_FEATURE}({})`);
  if (!known) importName(source, 'EventSourcingModule', '@leftfold/core');
  const [definition] = call.asKindOrThrow(SyntaxKind.CallExpression).getArguments();
  if (Node.isObjectLiteralExpression(definition)) return definition;
  throw new Refusal(`${feature.modulePath} calls forFeature without an object. Nothing can be registered there.`);
}

/** @param {ObjectLiteral} object @param {string} name */
function listIn(object, name) {
  return valueIn(object, name, '[]').asKindOrThrow(SyntaxKind.ArrayLiteralExpression);
}

/** @param {ObjectLiteral} object @param {string} name */
function objectIn(object, name) {
  return valueIn(object, name, '{}').asKindOrThrow(SyntaxKind.ObjectLiteralExpression);
}

/** @param {ObjectLiteral} object @param {string} name @param {string} otherwise */
function valueIn(object, name, otherwise) {
  const property =
    object.getProperty(name) ??
    object.insertPropertyAssignment(placeOf(object, name), { name, initializer: otherwise });
  return property.asKindOrThrow(SyntaxKind.PropertyAssignment).getInitializerOrThrow();
}

/** @param {ObjectLiteral} object @param {string} name @param {string} initializer */
function insert(object, name, initializer) {
  return object.insertPropertyAssignment(placeOf(object, name), { name, initializer });
}

/** @param {ObjectLiteral} object @param {string} name */
function placeOf(object, name) {
  const order = PROPERTY_ORDERS.find((each) => each.includes(name)) ?? [];
  const later = order.slice(order.indexOf(name) + 1);
  const before = object
    .getProperties()
    .findIndex((each) => Node.isPropertyAssignment(each) && later.includes(each.getName()));
  return before < 0 ? object.getProperties().length : before;
}
