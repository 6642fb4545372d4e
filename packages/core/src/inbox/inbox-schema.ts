import type { Schema } from '../databases/schema.js';
import { InboxMessageEntity } from './inbox-message.entity.js';
import { CreateInbox1750002710000 } from './migrations/events/1750002710000-create-inbox.js';

/** The table of incoming messages in the `events` database. */
export const INBOX_SCHEMA: Schema = {
  entities: [InboxMessageEntity],
  migrations: [CreateInbox1750002710000],
};
