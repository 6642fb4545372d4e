import { SetupError } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';

/**
 * Refuses a read model that gets personal fields and would keep them when their subject is forgotten.
 * @param handled the event classes of its projection
 * @throws SetupError
 */
export function refuseMissedForgettings(
  projectionClass: EventClass,
  name: string,
  handled: readonly EventClass[],
  events: EventRegistry,
): void {
  for (const eventClass of handled) {
    for (const { kind, fields } of events.forClass(eventClass).personal) {
      const missed = events.classes.find(
        (each) => events.forClass(each).forgets?.kind === kind && !handled.includes(each),
      );
      if (!missed) continue;
      const which = fields.map(({ path }) => `"${path}"`).join(', ');
      throw new SetupError(
        `The projection ${projectionClass.name} ("${name}") handles ${eventClass.name}, whose personal fields ${which} may ` +
          `get into its rows, and not ${missed.name}, which forgets a ${kind}. Add ${missed.name} to its @EventsHandler, and ` +
          'delete or overwrite there what its rows hold of the person.',
      );
    }
  }
}
