import type { Schema } from '../databases/schema.js';
import { CreateRecurringJobs1750001600000 } from './migrations/events/1750001600000-create-recurring-jobs.js';
import { RecurringJobEntity } from './recurring-job.entity.js';

/** The table of recurring jobs in the `events` database. */
export const RECURRING_SCHEMA: Schema = {
  entities: [RecurringJobEntity],
  migrations: [CreateRecurringJobs1750001600000],
};
