import { SyntaxKind } from 'ts-morph';
import { importName } from './imports.js';
import { edit, sourceOf } from './source-files.js';
import { pascal, withArticle } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./aggregates.js').KnownAggregate} KnownAggregate */

/**
 * Adds a fixture for an event, such as `aConfirmedOrder()`, with only the id for now.
 * @param {Tree} tree @param {KnownAggregate} aggregate
 * @param {{ name: string, className: string }} event
 */
export function addFixture(tree, { fixturesPath, idConstant }, { name, className }) {
  if (!tree.exists(fixturesPath)) return;
  edit(tree, fixturesPath, (source) => {
    importName(source, className, `../events/${name}.event.js`);
    source.addStatements(`export const ${fixtureName(name)} = () => new ${className}(${idConstant});`);
  });
}

/**
 * The name of an event's fixture; undefined when there is none.
 * @param {Tree} tree @param {KnownAggregate} aggregate @param {string} className
 */
export function fixtureOf(tree, { fixturesPath }, className) {
  if (!tree.exists(fixturesPath)) return undefined;
  return sourceOf(tree, fixturesPath)
    .getVariableDeclarations()
    .find((each) => {
      const made = each.getInitializerIfKind(SyntaxKind.ArrowFunction)?.getBody().asKind(SyntaxKind.NewExpression);
      return made?.getExpression().getText() === className;
    })
    ?.getName();
}

/** `order-confirmed` becomes `aConfirmedOrder`: the participle comes last in an event's name. @param {string} name */
function fixtureName(name) {
  const words = name.split('-');
  const said = [...words.slice(-1), ...words.slice(0, -1)].join('-');
  const [article = ''] = withArticle(said).split(' ');
  return `${article}${pascal(said)}`;
}
