import type { TagQuery } from '../events/tags.js';

/**
 * A rule over several streams. Before each decision the events that match `query` are read and handed to `check`, which
 * throws when the rule is broken. The append is refused by the log if another such event was stored meanwhile; then
 * everything is decided again.
 */
export interface Guard<E extends object = object> {
  /** Which events the rule is about, in whatever streams. */
  readonly query: TagQuery;
  /** Throws when the events so far, in the order of the log, rule the decision out. */
  check(events: readonly E[]): void;
}
