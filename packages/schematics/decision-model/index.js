import { beginningOf } from '../project/beginning.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerInKernel } from '../project/modules.js';
import { refuseKeyword, refuseTakenClass } from '../project/reserved-words.js';
import { camel, pascal, spaced } from '../project/words.js';

const SHAPE = { example: 'orders/open-orders', suffixes: ['decision-model', 'model'] };

/** Generates a decision model over the events of an aggregate: `nest g decision-model orders/open-orders`. */
export const decisionModel = generator(reading('decision-model', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name } = request;
  refuseKeyword(name);
  refuseTakenClass(name);
  feature.refuseExisting(tree, `file ${name}.ts in domain`, `domain/${name}.ts`);
  const beginning = beginningOf(tree, feature, request);
  const { aggregate } = beginning;

  const className = pascal(name);
  registerInKernel(tree, feature, ['decisionModels'], className, `./domain/${name}.js`);
  return {
    values: {
      at: feature.name,
      name,
      className,
      ...beginning,
      variable: camel(name),
      spoken: spaced(name),
      types: aggregate.events(tree).map(({ type }) => type),
    },
    next: [
      `write in ${feature.folder}/domain/${name}.ts what the rule needs to know of each event, and complete its spec: it fails until then`,
      `to fold the events of one value only, give them a tag, and name it in ${className}.all: see "Decide over several streams" in Leftfold's docs/how-to`,
      `decide with it in a handler: decisions.decide({ ${camel(name)}: ${className}.all() }, ({ ${camel(name)} }, changes) => ...)`,
    ],
  };
});
