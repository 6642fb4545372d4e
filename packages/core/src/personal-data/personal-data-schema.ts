import type { Schema } from '../databases/schema.js';
import { CreatePersonalKeys1750003220000 } from './migrations/events/1750003220000-create-personal-keys.js';
import { PersonalKeyEntity } from './personal-key.entity.js';
import { PersonalProgressEntity } from './personal-progress.entity.js';

/** The tables of personal data, in the `events` database. */
export const PERSONAL_DATA_SCHEMA: Schema = {
  entities: [PersonalKeyEntity, PersonalProgressEntity],
  migrations: [CreatePersonalKeys1750003220000],
};
