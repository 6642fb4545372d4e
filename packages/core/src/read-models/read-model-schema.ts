import type { Schema } from '../databases/schema.js';
import { CreateReadModelState1750000000000 } from './migrations/views/1750000000000-create-read-model-state.js';
import { ExtendReadModelState1750000300000 } from './migrations/views/1750000300000-extend-read-model-state.js';
import { AddDryRuns1750000600000 } from './migrations/views/1750000600000-add-dry-runs.js';
import { CreateReadModelTables1750000900000 } from './migrations/views/1750000900000-create-read-model-tables.js';
import { CreateReadModelRanges1750003110000 } from './migrations/views/1750003110000-create-read-model-ranges.js';
import { ReadModelRangeEntity, ReadModelSplitEntity } from './read-model-range.entity.js';
import { AddReadModelRestarts1750003200000 } from './migrations/views/1750003200000-add-restarts.js';
import { AddDeclaredTypesOfReadModels1750003210000 } from './migrations/views/1750003210000-add-declared-types.js';
import { ReadModelStateEntity } from './read-model-state.entity.js';

/** The read models' own tables, in the `views` database. Features bring the tables of rows. */
export const READ_MODEL_SCHEMA: Schema = {
  entities: [ReadModelStateEntity, ReadModelRangeEntity, ReadModelSplitEntity],
  migrations: [
    CreateReadModelState1750000000000,
    ExtendReadModelState1750000300000,
    AddDryRuns1750000600000,
    CreateReadModelTables1750000900000,
    CreateReadModelRanges1750003110000,
    AddReadModelRestarts1750003200000,
    AddDeclaredTypesOfReadModels1750003210000,
  ],
};
