import { SetupError } from '../errors.js';
import { type EventClass, describeEvent } from '../events/domain-event.decorator.js';
import { UnhandledEventError } from '../events/unreachable.js';
import { KERNEL } from './aggregate-root.js';
import { type AggregateClass, type AnyAggregate, describeAggregate } from './aggregate.decorator.js';

/**
 * Refuses an aggregate that can't apply one of the events that it lists. Tries each event on a throwaway aggregate. The
 * events are empty, so `evolve` may fail on missing properties; only a missing case counts.
 * @throws SetupError
 */
export function checkAggregate(aggregateClass: AggregateClass): void {
  for (const eventClass of describeAggregate(aggregateClass).events) {
    if (hasNoCaseFor(aggregateClass, eventClass)) {
      throw new SetupError(
        `${aggregateClass.name} lists ${eventClass.name} ("${describeEvent(eventClass).type}") in its events, and can't apply it. ` +
          `Add a case to its evolve.`,
      );
    }
  }
}

/**
 * Refuses an aggregate that declares snapshots but can't take one.
 * @throws SetupError
 */
export function checkSnapshots(aggregateClass: AggregateClass): void {
  if (describeAggregate(aggregateClass).snapshotVersion === undefined) return;
  try {
    const { takeSnapshot, restore } = blankOf(aggregateClass)[KERNEL];
    restore(takeSnapshot());
  } catch (error) {
    throw new SetupError(`${aggregateClass.name} can't take and restore a snapshot: ${(error as Error).message}`);
  }
}

function blankOf(aggregateClass: AggregateClass): AnyAggregate {
  return new aggregateClass('00000000-0000-0000-0000-000000000000');
}

function hasNoCaseFor(aggregateClass: AggregateClass, eventClass: EventClass): boolean {
  try {
    const blank = Object.create(eventClass.prototype as object) as object;
    blankOf(aggregateClass)[KERNEL].replay([blank], 1, 1);
    return false;
  } catch (error) {
    return error instanceof UnhandledEventError;
  }
}
