import { CreateSnapshots1750000200000 } from '../aggregates/migrations/events/1750000200000-create-snapshots.js';
import { KeepSnapshots1750001410000 } from '../aggregates/migrations/events/1750001410000-keep-snapshots.js';
import { SnapshotEntity } from '../aggregates/snapshot.entity.js';
import type { Schema } from '../databases/schema.js';
import { DecisionSnapshotEntity } from '../decisions/decision-snapshot.entity.js';
import { CreateDecisionSnapshots1750002100000 } from '../decisions/migrations/events/1750002100000-create-decision-snapshots.js';
import { LOG_SCHEMA } from '../event-log/log-schema.js';
import { INBOX_SCHEMA } from '../inbox/inbox-schema.js';
import { ImportEntity } from '../operations/import/import.entity.js';
import { CreateImports1750003300000 } from '../operations/import/migrations/events/1750003300000-create-imports.js';
import { PERSONAL_DATA_SCHEMA } from '../personal-data/personal-data-schema.js';
import { READ_MODEL_SCHEMA } from '../read-models/read-model-schema.js';
import { RECURRING_SCHEMA } from '../recurring/recurring-schema.js';
import { SAGA_SCHEMA } from '../sagas/saga-schema.js';
import { SUBSCRIPTION_SCHEMA } from '../subscriptions/subscription-schema.js';
import type { FeatureDefinition } from './feature-definition.js';

/** Of the log's database. */
export function logSchema(features: readonly FeatureDefinition[]): Schema {
  return {
    entities: [
      ...LOG_SCHEMA.entities,
      ...PERSONAL_DATA_SCHEMA.entities,
      SnapshotEntity,
      DecisionSnapshotEntity,
      ImportEntity,
      ...SUBSCRIPTION_SCHEMA.entities,
      ...SAGA_SCHEMA.entities,
      ...RECURRING_SCHEMA.entities,
      ...INBOX_SCHEMA.entities,
      ...features.flatMap((each) => each.besideTheLog ?? []),
    ],
    migrations: [
      ...LOG_SCHEMA.migrations,
      CreateSnapshots1750000200000,
      KeepSnapshots1750001410000,
      CreateDecisionSnapshots1750002100000,
      CreateImports1750003300000,
      ...SUBSCRIPTION_SCHEMA.migrations,
      ...SAGA_SCHEMA.migrations,
      ...RECURRING_SCHEMA.migrations,
      ...INBOX_SCHEMA.migrations,
      ...PERSONAL_DATA_SCHEMA.migrations,
      ...features.flatMap((each) => each.migrations?.events ?? []),
    ],
  };
}

/** Of the database of read models. */
export function viewsSchema(features: readonly FeatureDefinition[]): Schema {
  return {
    entities: [...READ_MODEL_SCHEMA.entities, ...features.flatMap((each) => each.readModels ?? [])],
    migrations: [...READ_MODEL_SCHEMA.migrations, ...features.flatMap((each) => each.migrations?.views ?? [])],
  };
}
