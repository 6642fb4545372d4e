import type { StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { SagaSubscription } from './saga-subscription.js';
import { commandIdOf } from './command-id.js';
import type { OutboxChange } from './outbox/saga-command.js';
import { emittedBy } from './saga-methods.js';
import { changeFor, storedEmission } from './stored-emission.js';

/** Converts what saga methods emit to changes of the outbox. */
export class EmittedChanges {
  constructor(
    private readonly commands: StoredCommands,
    /** Largest size of a command's data, in bytes. */
    private readonly commandSizeLimit: number,
  ) {}

  /** @throws StoredCommandError, UnstorableValueError, TypeError, and errors of a method */
  async of({ name: saga, methods }: SagaSubscription, event: object, recorded: RecordedEvent): Promise<OutboxChange[]> {
    const changes: OutboxChange[] = [];
    for (const method of methods) {
      const emitted = await emittedBy(method, event, (emission) =>
        storedEmission(emission, this.commands, this.commandSizeLimit),
      );
      for (const [index, emission] of emitted.entries()) {
        const id = (suffix = ''): string => commandIdOf(saga, method.name, recorded.eventId, index, suffix);
        changes.push(changeFor(emission, recorded, changes.length, id));
      }
    }
    return changes;
  }
}
