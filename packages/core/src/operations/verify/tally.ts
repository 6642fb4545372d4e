import type { CheckedEvent } from './read-events.js';
import type { CheckedState } from './read-states.js';

interface Counter {
  readonly after: number;
  readonly upTo: number;
  count: number;
}

/**
 * Counts the events that each row of state must have processed: those of its types between its start and its
 * checkpoint. One pass over the log counts for all rows, so that many subscriptions cost no further reads.
 */
export class Tally {
  private readonly counters = new Map<CheckedState, Counter>();
  private readonly byType = new Map<string, Counter[]>();

  constructor(states: readonly CheckedState[]) {
    for (const state of states) {
      if (state.types === null || state.types === 'unreadable') continue;
      const counter = { after: state.startPosition, upTo: state.position, count: 0 };
      this.counters.set(state, counter);
      for (const type of new Set(state.types)) {
        const others = this.byType.get(type);
        if (others) others.push(counter);
        else this.byType.set(type, [counter]);
      }
    }
  }

  add({ type, position }: CheckedEvent): void {
    for (const counter of this.byType.get(type) ?? []) {
      if (position > counter.after && position <= counter.upTo) counter.count++;
    }
  }

  /** Undefined when the types are not known. */
  of(state: CheckedState): number | undefined {
    return this.counters.get(state)?.count;
  }
}
