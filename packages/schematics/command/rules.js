import { SyntaxKind } from 'ts-morph';
import { fixtureOf } from '../project/fixtures.js';
import { importName } from '../project/imports.js';
import { edit } from '../project/source-files.js';
import { spaced, withArticle } from '../project/words.js';
import { NOW } from './decision.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('../project/aggregates.js').KnownAggregate} KnownAggregate */
/** @typedef {import('./decision.js').Decision} Decision */

const TESTING = '@leftfold/core/testing';

/**
 * Adds a test of the decision to the aggregate's spec. A test that can't be generated in full fails until it is written.
 * @param {Tree} tree @param {KnownAggregate} aggregate @param {Decision} decision
 */
export function addRules(tree, aggregate, decision) {
  const { name, specPath, className, idConstant } = aggregate;
  if (!tree.exists(specPath)) tree.create(specPath, `describe('${withArticle(aggregate.spoken)}', () => {});\n`);
  const done = doneTest(tree, aggregate, decision);
  const open = !decision.creates || !done;
  edit(tree, specPath, (source) => {
    const rules = source
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .find((call) => call.getExpression().getText() === 'describe')
      ?.getFirstDescendantByKind(SyntaxKind.Block);
    rules?.addStatements(
      [...(done ? [done.text] : []), ...(open ? [openTest(aggregate, decision)] : [])].map((text) => `\n${text}`),
    );
    if (open) importName(source, 'expectToBeWritten', TESTING);
    if (!done) return;
    importName(source, 'specOf', TESTING);
    importName(source, className, `./${name}.aggregate.js`);
    for (const fixture of [idConstant, ...done.fixtures]) importName(source, fixture, `../testing/${name}.fixtures.js`);
  });
}

/** @param {Tree} tree @param {KnownAggregate} aggregate @param {Decision} decision */
function doneTest(tree, aggregate, { method, event, creates, takes }) {
  const fixture = event && fixtureOf(tree, aggregate, event.className);
  if (!event || !fixture) return undefined;
  const { className, idConstant } = aggregate;
  const [first] = aggregate.events(tree);
  const before =
    first && first.name !== event.name && !creates ? fixtureOf(tree, aggregate, first.className) : undefined;

  const said = event.fields
    .slice(1)
    .filter(({ kind }) => kind !== 'other')
    .map((field) => field.name);
  const told = takes.map((each) =>
    each.name === NOW ? `new Date(${said.find((one) => one.endsWith('At'))})` : each.name,
  );
  const when = creates
    ? `whenCreated((id) => ${className}.${method}(${['id', ...told].join(', ')}))`
    : `when((it) => it.${method}(${told.join(', ')}))`;
  const given = before ? `.given(${before}())` : '';
  const assertion = `specOf(${className}, ${idConstant})${given}.${when}.thenEvents(${fixture}())`;
  const body = said.length > 0 ? `{ const { ${said.join(', ')} } = ${fixture}(); ${assertion}; }` : assertion;
  return {
    text: `it('${saidOf(event, aggregate)}', () => ${body});`,
    fixtures: [fixture, ...(before ? [before] : [])],
  };
}

/** @param {KnownAggregate} aggregate @param {Decision} decision */
function openTest(aggregate, { name, event }) {
  const [title, question] = event
    ? [
        `${saidOf(event, aggregate)} once, and not when ...`,
        'given what is it ignored, and given what refused, with which error?',
      ]
    : [`when asked to ${spaced(name)} ...`, 'given what, when it is asked, then which events?'];
  return `it('${title}', () => expectToBeWritten('${question}'));`;
}

/**
 * `is confirmed` for `order-confirmed`, `has its line reserved` for `line-reserved` of an order.
 * @param {import('../project/aggregates.js').KnownEvent} event @param {KnownAggregate} aggregate
 */
function saidOf({ name }, aggregate) {
  const words = name.split('-');
  const [object, done] = [words.slice(0, -1).join('-'), words.at(-1)];
  return object === aggregate.name || !object ? `is ${done}` : `has its ${spaced(object)} ${done}`;
}
