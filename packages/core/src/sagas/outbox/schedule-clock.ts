import { NEVER, type Observable } from 'rxjs';
import type { DatabaseKind } from '../../databases/database-url.js';
import { dialectFor } from '../../databases/dialects/dialect-of.js';

/** The clock by which saga commands come due: the database's. */
export class ScheduleClock {
  /** Emits when a test moved the clock. */
  readonly moved$: Observable<void> = NEVER;

  /** SQL for the current time, in ms since 1970, UTC. */
  now(kind: DatabaseKind): string {
    return dialectFor(kind).now;
  }
}
