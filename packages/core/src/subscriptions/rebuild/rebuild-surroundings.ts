import type { DataSource } from 'typeorm';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { EventSerializer } from '../../events/event-serializer.js';
import type { RowLayouts } from '../../read-models/row-layouts.js';
import type { RebuildStates } from './rebuild-states.js';
import type { ShadowTables } from './shadow-tables.js';

/** What a rebuild works with. */
export interface RebuildSurroundings {
  readonly log: EventLog;
  readonly serializer: EventSerializer;
  readonly views: OpenDatabase;
  readonly rebuilds: RebuildStates;
  readonly tables: ShadowTables;
  readonly layouts: RowLayouts;
  /** Lends the metadata of the shadow tables. */
  readonly shadow: DataSource;
}
