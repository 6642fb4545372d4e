import { asEventQuery, type TagQuery } from '../events/event-query.js';
import type { Evolving } from './decision-model.decorator.js';
import type { ModelParticipant } from './participants.js';

/**
 * A rule over several streams for `create`, `update` and `upsert`: a short form of a decision model that reads its events
 * anew each time. If another matching event is stored before the append, the command is decided again.
 */
export interface Guard<E extends object = object> {
  /**
   * The events that the rule is about, in any stream. A type stands for all names of its class; one that no registered
   * event has is refused with SetupError.
   */
  readonly query: TagQuery;
  /** Throws when the events that were read, in global order, forbid the decision. */
  check(events: readonly E[]): void;
}

/** The events of a guard. */
export class GuardedEvents implements Evolving {
  readonly events: object[] = [];

  static of({ query }: Pick<Guard, 'query'>): ModelParticipant<GuardedEvents> {
    return { modelClass: GuardedEvents, tagSets: [], query: asEventQuery(query) };
  }

  evolve(event: object): void {
    this.events.push(event);
  }
}
