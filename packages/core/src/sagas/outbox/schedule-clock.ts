import { NEVER, type Observable } from 'rxjs';
import type { DatabaseKind } from '../../databases/database-url.js';
import { NOW_IN_MS } from '../../databases/now.js';

/** The clock by which commands of sagas come due: the database's. */
export class ScheduleClock {
  /** Emits when it was moved by hand. */
  readonly moved$: Observable<void> = NEVER;

  /** SQL of the time now, in ms since 1970, UTC. */
  now(kind: DatabaseKind): string {
    return NOW_IN_MS[kind];
  }
}
