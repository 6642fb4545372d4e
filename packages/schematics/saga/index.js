import { beginningOf } from '../project/beginning.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerInModule } from '../project/modules.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { pascal, spaced } from '../project/words.js';

const SHAPE = { example: 'orders/order-returns', takes: /** @type {const} */ (['when']) };

/** Generates a saga, which emits commands when an event has happened: `nest g saga orders/order-returns`. */
export const saga = generator(reading('saga', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name } = request;
  refuseKeyword(name);
  feature.refuseExisting(tree, `saga ${name}`, `sagas/${name}.saga.ts`);
  const beginning = beginningOf(tree, feature, request);
  const { event } = beginning;

  const className = `${pascal(name)}Saga`;
  registerInModule(tree, feature, 'providers', className, `./sagas/${name}.saga.js`);
  return {
    values: {
      at: feature.name,
      name,
      className,
      ...beginning,
      spoken: spaced(name),
      sagaName: `${feature.name}.${name}`,
    },
    next: [
      `write in ${feature.folder}/sagas/${name}.saga.ts which commands follow ${event.className}, and complete its spec: it fails until then`,
      'a command that a saga emits needs @StoredCommand; a command that was generated without a route has it',
    ],
  };
});
