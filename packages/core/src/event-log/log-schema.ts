import type { Schema } from '../databases/schema.js';
import { CommandIdEntity, EventEntity, EventLogInfoEntity, EventTagEntity } from './event.entity.js';
import { CreateEventLog1750000000000 } from './migrations/events/1750000000000-create-event-log.js';
import { IndexLookUps1750000500000 } from './migrations/events/1750000500000-index-look-ups.js';
import { QueryByItems1750002000000 } from './migrations/events/1750002000000-query-by-items.js';
import { CreateTagVersions1750002270000 } from './migrations/events/1750002270000-create-tag-versions.js';
import { CloseStreams1750002271000 } from './migrations/events/1750002271000-close-streams.js';
import { LookUps1750002600000 } from './migrations/events/1750002600000-look-ups.js';
import { CreateReadableEvents1750003300001 } from './migrations/events/1750003300001-create-readable-events.js';
import { AppendWithLess1750003500000 } from './migrations/events/1750003500000-append-with-less.js';
import { PackLookUps1750003700000 } from './migrations/events/1750003700000-pack-look-ups.js';
import { LookUpEntity } from './look-ups/look-up.entity.js';
import { TagVersionEntity } from './tag-version.entity.js';

/** The kernel's own tables in the `events` database. */
export const LOG_SCHEMA: Schema = {
  entities: [EventEntity, EventTagEntity, CommandIdEntity, EventLogInfoEntity, TagVersionEntity, LookUpEntity],
  migrations: [
    CreateEventLog1750000000000,
    IndexLookUps1750000500000,
    QueryByItems1750002000000,
    CreateTagVersions1750002270000,
    CloseStreams1750002271000,
    LookUps1750002600000,
    CreateReadableEvents1750003300001,
    AppendWithLess1750003500000,
    PackLookUps1750003700000,
  ],
};
