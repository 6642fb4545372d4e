import { KnownAggregate } from '../project/aggregates.js';
import { hasTestSupport, refuseRoutesWithoutRoles } from '../project/application.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerHandler } from '../project/modules.js';
import { KnownReadModel } from '../project/read-models.js';
import { Refusal } from '../project/refusal.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { routeSample, TEST_OF_ROUTE } from '../project/routes.js';
import { camel, capitalised, pascal, plural, singular } from '../project/words.js';
import { addQueryRoute } from './route.js';

/** A key in a spec: a string that is a UUID, too. */
const SOME_KEY = "'018f2b6e-0000-7000-8000-000000000201'";
const SHAPE = { example: 'orders/find-order', takes: /** @type {const} */ (['route']) };

/** Generates a query that a read model answers, and with `route` its route: `nest g query orders/find-order route`. */
export const query = generator(reading('query', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { route } = request;
  refuseKeyword(request.name);
  const [verb = '', ...rest] = request.name.split('-');
  const object = rest.join('-');
  if (!isVerb(verb) || !object) {
    throw new Refusal(
      `A query is called get-... (one, or "not found"), find-... (one, or nothing) or list-... (a page): npx nest g query ${feature.name}/get-${singular(feature.name)}`,
    );
  }
  const name = `${verb}-${verb === 'list' ? plural(object) : singular(object)}`;
  feature.refuseExisting(tree, `query ${name}`, `queries/${name}`);
  const readModel = KnownReadModel.about(tree, feature, singular(object));
  // Only "not found" is said by an aggregate. A read model over several aggregates is still listed and searched.
  const needsAggregate = verb === 'get' || (verb === 'find' && route !== false);
  const aggregate = needsAggregate
    ? KnownAggregate.about(tree, feature, name)
    : KnownAggregate.maybeAbout(tree, feature, name);

  const question = { name, verb, className: pascal(name), readModel, aggregate };
  registerHandler(tree, feature, 'QUERY_HANDLERS', `${pascal(name)}Handler`, `./queries/${name}/${name}.handler.js`);
  if (route) {
    refuseRoutesWithoutRoles(tree);
    feature.refuseTest(tree, name);
  }
  const added = route ? addQueryRoute(tree, question, route) : undefined;
  return {
    values: {
      at: feature.name,
      route: added && routeSample(added.controller, 'get', added.path),
      ...question,
      key: readModel.key,
      notFound: verb === 'get' ? aggregate?.notFound(tree) : '',
      after: `after${capitalised(readModel.key)}`,
      rows: camel(plural(aggregate?.name ?? readModel.name)),
      sample: sampleOf(aggregate, readModel),
    },
    without: [
      ...(route && hasTestSupport(tree) ? [] : ['.e2e-spec.ts.template']),
      ...(route && verb === 'list' ? [] : ['.dto.ts.template']),
    ],
    next: [
      ...(added?.leftOut ?? []).map(
        ({ name: column }) => `decide how the answer shows ${column}: it is left out, because its type is your own`,
      ),
      ...(added ? [`decide in ${added.controller.path} who may call it: only operators so far`] : []),
      ...(added && !hasTestSupport(tree) ? [TEST_OF_ROUTE] : []),
    ],
  };
});

/**
 * A value of the key for the spec, and where its import comes from.
 * @param {KnownAggregate | undefined} aggregate @param {KnownReadModel} readModel
 */
function sampleOf(aggregate, { key }) {
  if (aggregate?.idName === key) {
    return { text: aggregate.idConstant, from: `../../testing/${aggregate.name}.fixtures.js` };
  }
  return { text: SOME_KEY, from: '' };
}

/** @param {string} verb @returns {verb is 'get' | 'find' | 'list'} */
function isVerb(verb) {
  return ['get', 'find', 'list'].includes(verb);
}
