import { DecisionModel, DomainEvent, type EventClass, type JsonObject, type TagValues } from '../../src/index.js';

/** An event of today's program, and of programs before and after it. */
export function labelled(tags?: (event: { label: string }) => TagValues, tagsVersion?: number) {
  @DomainEvent<'labels.labelled', { type: 'labels.labelled'; label: string }>('labels.labelled', { tags, tagsVersion })
  class Labelled {
    declare readonly type: 'labels.labelled';
    constructor(
      readonly label: string,
      readonly number: number,
    ) {}
  }
  return Labelled;
}

/** Counts the events of a label. */
export function countOf(eventClass: EventClass) {
  @DecisionModel({ events: [eventClass], name: 'labels.count', snapshotVersion: 1 })
  class Count {
    count = 0;

    evolve(): void {
      this.count += 1;
    }

    takeSnapshot(): JsonObject {
      return { count: this.count };
    }

    restoreSnapshot({ count }: { count: number }): void {
      this.count = count;
    }
  }
  return Count;
}
