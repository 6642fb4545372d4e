import type { TagQuery } from '../events/tags.js';

/**
 * A rule over several streams. Before each decision, the events that match `query` are read and passed to `check`,
 * which throws when the rule is broken. If another matching event is stored before the append, the log refuses the
 * append and the command is decided again.
 */
export interface Guard<E extends object = object> {
  /** The events that the rule is about, in any stream. */
  readonly query: TagQuery;
  /**
   * Reads only the last event of each tag, so that the cost of the guard does not depend on their number. For rules
   * that earlier events do not affect, such as who holds a name now.
   */
  readonly lastOfEachTag?: boolean;
  /** Throws when the events that were read, in global order, forbid the decision. */
  check(events: readonly E[]): void;
}
