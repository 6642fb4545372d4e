import type { Schema } from '../databases/schema.js';
import { CreateSagaCommands1750000400000 } from './migrations/events/1750000400000-create-saga-commands.js';
import { AddSchedules1750000700000 } from './migrations/events/1750000700000-add-schedules.js';
import { AddTurns1750001200000 } from './migrations/events/1750001200000-add-turns.js';
import { AddCustomMetadata1750001300000 } from './migrations/events/1750001300000-add-custom-metadata.js';
import { IndexDueCommands1750003600000 } from './migrations/events/1750003600000-index-due-commands.js';
import { SagaCommandEntity } from './outbox/saga-command.entity.js';

/** The sagas' tables in the `events` database, besides their rows of state. */
export const SAGA_SCHEMA: Schema = {
  entities: [SagaCommandEntity],
  migrations: [
    CreateSagaCommands1750000400000,
    AddSchedules1750000700000,
    AddTurns1750001200000,
    AddCustomMetadata1750001300000,
    IndexDueCommands1750003600000,
  ],
};
