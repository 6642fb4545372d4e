import type { TagQuery } from '../events/tags.js';

/**
 * A rule over several streams. Before each decision the events that match `query` are read and handed to `check`, which
 * throws when the rule is broken. The append is refused by the log if another such event was stored meanwhile; then
 * everything is decided again.
 */
export interface Guard<E extends object = object> {
  /** Which events the rule is about, in whatever streams. */
  readonly query: TagQuery;
  /**
   * Only the last event of each tag is read, so that the guard costs the same however many there are. For rules to which
   * earlier events make no difference, such as who holds a name now.
   */
  readonly lastOfEachTag?: boolean;
  /** Throws when the events that were read, in the order of the log, rule the decision out. */
  check(events: readonly E[]): void;
}
