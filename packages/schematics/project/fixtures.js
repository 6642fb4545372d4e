import { SyntaxKind } from 'ts-morph';
import { importName } from './imports.js';
import { edit, sourceOf } from './source-files.js';
import { pascal, withArticle } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./aggregates.js').KnownAggregate} KnownAggregate */

/**
 * An event as tests give it, `aConfirmedOrder()`, with nothing but the id as yet.
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
 * What the fixtures call an event; undefined when they have none.
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

/** `order-confirmed` is `aConfirmedOrder`: what has happened to it comes last in an event's name. @param {string} name */
function fixtureName(name) {
  const words = name.split('-');
  const said = [...words.slice(-1), ...words.slice(0, -1)].join('-');
  const [article = ''] = withArticle(said).split(' ');
  return `${article}${pascal(said)}`;
}
