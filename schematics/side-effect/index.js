import { KnownAggregate } from '../project/aggregates.js';
import { Feature } from '../project/features.js';
import { addFixture, fixtureOf } from '../project/fixtures.js';
import { generator, reading } from '../project/generator.js';
import { registerInModule } from '../project/modules.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { pascal } from '../project/words.js';

const SHAPE = {
  example: 'orders/order-mail',
  suffixes: ['side-effect', 'handler'],
  takes: /** @type {const} */ (['when']),
};

/** What happens outside when this has happened: `nest g side-effect orders/order-mail`. */
export const sideEffect = generator(reading('side-effect', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name, when } = request;
  refuseKeyword(name);
  feature.refuseExisting(tree, `side effect ${name}`, `side-effects/${name}`);
  const aggregate = KnownAggregate.about(tree, feature, when ?? name);
  const event = aggregate.eventNamed(tree, when);
  if (!fixtureOf(tree, aggregate, event.className)) addFixture(tree, aggregate, event);

  const className = `${pascal(name)}Handler`;
  registerInModule(tree, feature, 'providers', className, `./side-effects/${name}/${name}.handler.js`);
  return {
    values: {
      at: feature.name,
      name,
      className,
      aggregate,
      event,
      subscription: `${feature.name}.${name}`,
      fixture: fixtureOf(tree, aggregate, event.className),
    },
    next: [
      `say in ${feature.folder}/side-effects/${name}/${name}.handler.ts what happens outside, and in its spec: it fails until then`,
    ],
  };
});
