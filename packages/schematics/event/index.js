import { SyntaxKind } from 'ts-morph';
import { KnownAggregate } from '../project/aggregates.js';
import { hasScript, typeCheck } from '../project/application.js';
import { Feature } from '../project/features.js';
import { addFixture } from '../project/fixtures.js';
import { generator, reading } from '../project/generator.js';
import { importName } from '../project/imports.js';
import { Refusal } from '../project/refusal.js';
import { refuseTakenClass } from '../project/reserved-words.js';
import { classOf, edit } from '../project/source-files.js';
import { pascal, singular } from '../project/words.js';

/** Generates an event and adds it to the closed list of its aggregate: `nest g event orders/order-confirmed`. */
export const event = generator(reading('event', { example: 'orders/order-confirmed' }), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name } = request;
  refuseTakenClass(name);
  if (!name.includes('-')) {
    throw new Refusal(
      `An event's name says what has happened to what: npx nest g event ${feature.name}/${singular(feature.name)}-${name}`,
    );
  }
  feature.refuseExisting(tree, `event ${name}`, `events/${name}.event.ts`);
  const aggregate = KnownAggregate.about(tree, feature, name);

  const className = pascal(name);
  const before = aggregate.events(tree).length;
  addToList(tree, aggregate, className, name);
  closeSwitches(tree, aggregate, before);
  addFixture(tree, aggregate, { name, className });
  return {
    values: { at: feature.name, name, className, idName: aggregate.idName, type: `${feature.name}.${name}` },
    next: [
      `add the fields of ${className} in ${feature.folder}/events/${name}.event.ts: plain JSON values`,
      `add its case to evolve in ${aggregate.path}, and wherever else \`${typeCheck(tree)}\` shows that ${className} is missing`,
      ...(hasScript(tree, 'events:record') ? ['run npm run events:record when its shape is final'] : []),
    ],
  };
});

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

/** @param {Tree} tree @param {KnownAggregate} aggregate @param {string} className @param {string} name */
function addToList(tree, aggregate, className, name) {
  edit(tree, aggregate.listPath, (source) => {
    source
      .getVariableDeclarationOrThrow(aggregate.listName)
      .getFirstDescendantByKindOrThrow(SyntaxKind.ArrayLiteralExpression)
      .addElement(className);
    importName(source, className, `./${name}.event.js`);
  });
}

/**
 * Adapts `evolve` to the number of events. With one event TypeScript narrows `event.type` but not `event`; from the second
 * event on, it narrows `event`.
 * @param {Tree} tree @param {KnownAggregate} aggregate @param {number} before number of events before this one
 */
function closeSwitches(tree, aggregate, before) {
  if (before === 0) {
    edit(tree, aggregate.path, (source) => {
      const evolve = classOf(source, aggregate.className).getMethodOrThrow('evolve');
      if (evolve.getBodyText() !== 'unreachable(event);') return;
      evolve.setBodyText('switch (event.type) {\ndefault:\nunreachable(event.type);\n}');
    });
  }
  if (before !== 1) return;
  for (const path of [aggregate.path, ...foldsOf(tree, aggregate)]) {
    const text = tree.readText(path);
    const closed = text.replaceAll('unreachable(event.type)', 'unreachable(event)');
    if (closed !== text) tree.overwrite(path, closed);
  }
}

/** The files that fold the aggregate's events into rows or decision models. @param {Tree} tree @param {KnownAggregate} aggregate */
function foldsOf(tree, { feature, eventType }) {
  /** @type {string[]} */
  const paths = [];
  tree.getDir(`${feature.folder}/read-models`).visit((path) => {
    if (/\/evolve-[^/]+(?<!\.spec)\.ts$/.test(path) && tree.readText(path).includes(eventType)) paths.push(path);
  });
  tree.getDir(`${feature.folder}/domain`).visit((path) => {
    if (!path.endsWith('.ts')) return;
    const text = tree.readText(path);
    if (text.includes('@DecisionModel(') && text.includes(eventType)) paths.push(path);
  });
  return paths;
}
