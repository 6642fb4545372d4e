import type { Provider } from '@nestjs/common';
import { DatabaseLimits } from '../databases/database-limits.js';
import { Databases } from '../databases/databases.js';
import { openDatabase } from '../databases/open-database.js';
import { READ_SIDES } from '../databases/read-sides.js';
import { DecisionModels } from '../decisions/decision-models.js';
import { RowLayouts } from '../read-models/row-layouts.js';
import { runningNodes } from '../subscriptions/ranges/running-nodes.js';
import { type FeatureDefinition, FEATURES } from './feature-definition.js';
import { OPTIONS, type ResolvedOptions } from './options.js';
import { LAZY_MASTER_KEYS } from './personal-data.providers.js';
import { logSchema, viewsSchema } from './schemas.js';

/** The databases of the log and of read models. */
export const DATABASE_PROVIDERS: Provider[] = [
  {
    provide: DatabaseLimits,
    inject: [OPTIONS],
    useFactory: ({ databaseLimits }: ResolvedOptions) => Object.assign(new DatabaseLimits(), databaseLimits),
  },
  {
    provide: Databases,
    // The registries are injected so that they are checked first: a program with a wrong setup opens no database.
    inject: [OPTIONS, DatabaseLimits, FEATURES, DecisionModels, LAZY_MASTER_KEYS],
    useFactory: async (options: ResolvedOptions, limits: DatabaseLimits, features: FeatureDefinition[]) => {
      const { tablePrefix, schema } = options;
      const place = { tablePrefix, schema, limits };
      const events = await openDatabase('events', options.events, logSchema(features), {
        ...place,
        mustExist: options.oneOff && !options.mayCreate,
        running: runningNodes,
      });
      try {
        // New read model tables follow the log's prefix, also in a log that was made without a prefix.
        const newTables = events.namespace.prefix;
        const views = await openDatabase('views', options.views, viewsSchema(features), {
          ...place,
          newTables,
          beside: events,
          running: () => runningNodes(events.write),
          replicas: options.viewsReplicas,
        });
        return new Databases(events, views);
      } catch (error) {
        await events.close();
        throw error;
      }
    },
  },
  {
    provide: RowLayouts,
    inject: [Databases, FEATURES, OPTIONS],
    useFactory: readLayouts,
  },
  ...READ_SIDES,
];

/** The databases are already open, and Nest returns no application object that could close them. */
async function readLayouts(
  databases: Databases,
  features: readonly FeatureDefinition[],
  { unstorableText }: ResolvedOptions,
): Promise<RowLayouts> {
  const { write, read } = databases.views;
  try {
    const entities = features.flatMap((each) => each.readModels ?? []);
    return await RowLayouts.read(write.kind, read, entities, unstorableText);
  } catch (error) {
    await databases.close();
    throw error;
  }
}
