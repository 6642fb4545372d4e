import type { Schema } from '../databases/open-database.js';
import { CreateSagaCommands1750000400000 } from './migrations/events/1750000400000-create-saga-commands.js';
import { SagaCommandEntity } from './outbox/saga-command.entity.js';

/** What sagas keep in the `events` database, beside their rows of state. */
export const SAGA_SCHEMA: Schema = {
  entities: [SagaCommandEntity],
  migrations: [CreateSagaCommands1750000400000],
};
