import { beginningOf } from '../project/beginning.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerInModule } from '../project/modules.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { pascal } from '../project/words.js';

const SHAPE = {
  example: 'orders/order-mail',
  suffixes: ['side-effect', 'handler'],
  takes: /** @type {const} */ (['when']),
};

/** Generates a side effect, which acts outside the application when an event has happened: `nest g side-effect orders/order-mail`. */
export const sideEffect = generator(reading('side-effect', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name } = request;
  refuseKeyword(name);
  feature.refuseExisting(tree, `side effect ${name}`, `side-effects/${name}`);
  const beginning = beginningOf(tree, feature, request);

  const className = `${pascal(name)}Handler`;
  registerInModule(tree, feature, 'providers', className, `./side-effects/${name}/${name}.handler.js`);
  return {
    values: {
      at: feature.name,
      name,
      className,
      ...beginning,
      subscription: `${feature.name}.${name}`,
    },
    next: [
      `write in ${feature.folder}/side-effects/${name}/${name}.handler.ts what to do outside the application, and complete its spec: it fails until then`,
    ],
  };
});
