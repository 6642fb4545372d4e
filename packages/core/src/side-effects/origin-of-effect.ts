import { v5 as uuidv5 } from 'uuid';
import type { Origin } from '../commands/origin.js';
import type { EventContext } from '../subscriptions/event-handler.js';

/**
 * Origin of a command that a side effect sends because of an event: `context.run(originOfEffect(...), () =>
 * bus.execute(command))`. The command belongs to the event's story, and its id is the same on every delivery of the
 * event, so what it stores is stored once. Each of the events into which an upcaster splits the stored one has an id of
 * its own.
 * @param effect name of the side effect; with several commands for one event, each needs a text of its own
 */
export function originOfEffect(effect: string, { eventId, part, metadata }: EventContext): Origin {
  const { correlationId, traceparent, custom } = metadata;
  return {
    actor: 'system',
    correlationId,
    causationId: eventId,
    traceparent,
    custom,
    commandId: commandIdOfEffect(effect, eventId, part),
  };
}

/** Id of the command that a side effect sends with `originOfEffect` because of this event, or of a part of it. */
export function commandIdOfEffect(effect: string, eventId: string, part = 0): string {
  return uuidv5(part === 0 ? effect : `${part}/${effect}`, eventId);
}
