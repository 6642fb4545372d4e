import { KnownAggregate } from './aggregates.js';
import { addFixture, fixtureOf } from './fixtures.js';
import { Refusal } from './refusal.js';

/**
 * The event that triggers a saga or a side effect, and its name in tests.
 * @param {import('@angular-devkit/schematics').Tree} tree
 * @param {import('./features.js').Feature} feature
 * @param {import('./request.js').Request} request
 */
export function beginningOf(tree, feature, { name, when }) {
  const aggregate = KnownAggregate.about(tree, feature, when ?? name);
  const event = aggregate.eventNamed(tree, when);
  if (!fixtureOf(tree, aggregate, event.className)) addFixture(tree, aggregate, event);
  const fixture = fixtureOf(tree, aggregate, event.className);
  if (fixture) return { aggregate, event, fixture };
  throw new Refusal(
    `There is no ${aggregate.fixturesPath}, where tests find events. Begin it with: export const ${aggregate.idConstant} = '...';`,
  );
}
