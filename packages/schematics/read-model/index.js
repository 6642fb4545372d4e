import { KnownAggregate } from '../project/aggregates.js';
import { hasScript } from '../project/application.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerInKernel, registerInModule } from '../project/modules.js';
import { refuseKeyword, refuseTakenClass } from '../project/reserved-words.js';
import { kebab, pascal, snake } from '../project/words.js';
import { migrationTime } from './migration-time.js';

const SHAPE = { example: 'orders/order-history', suffixes: ['read-model', 'projection', 'entity'] };

/** Generates a read model of an aggregate's events, with its migration: `nest g read-model orders/order-history`. */
export const readModel = generator(reading('read-model', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name } = request;
  refuseKeyword(name);
  refuseTakenClass(name);
  feature.refuseExisting(tree, `read model ${name}`, `read-models/${name}`);
  const aggregate = KnownAggregate.about(tree, feature, name);
  aggregate.eventNamed(tree, undefined);

  const className = pascal(name);
  const time = migrationTime(tree);
  const migration = `Create${className}${time}`;
  registerInKernel(tree, feature, ['readModels'], className, `./read-models/${name}/${name}.entity.js`);
  registerInKernel(tree, feature, ['migrations', 'views'], migration, `./migrations/views/${time}-create-${name}.js`);
  const projection = `${className}Projection`;
  registerInModule(tree, feature, 'providers', projection, `./read-models/${name}/${name}.projection.js`);
  return {
    values: {
      at: feature.name,
      name,
      className,
      aggregate,
      migration,
      time,
      projection,
      types: aggregate.events(tree).map(({ type }) => type),
      table: snake(name),
      key: snake(kebab(aggregate.idName)),
      subscription: `${feature.name}.${name}`,
    },
    next: [
      `add the columns of ${className} in the entity and in the migration, and write in evolve-${name}.ts what each event does to them`,
      ...(hasScript(tree, 'migrations:record')
        ? ['run npm run migrations:record when the migration is final: it may not change after that']
        : []),
      'run npm start: the read model is filled from the stored events',
    ],
  };
});
