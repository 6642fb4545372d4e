import type { EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import type { StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { ParkingRunner } from '../subscriptions/runners/parking-runner.js';
import type { ParkingSurroundings } from '../subscriptions/runners/parking-surroundings.js';
import type { SagaSubscription } from '../subscriptions/subscription.js';
import type { Outbox } from './outbox/outbox.js';
import type { OutboxWorker } from './outbox/outbox-worker.js';
import type { OutboxChange } from './outbox/saga-command.js';
import { emittedBy } from './saga-methods.js';
import { changeFor, storedEmission } from './stored-emission.js';

export interface SagaSurroundings extends ParkingSurroundings {
  readonly commands: StoredCommands;
  /** Largest size of a command's data, in bytes. */
  readonly commandSizeLimit: number;
  readonly outbox: Outbox;
  readonly worker: OutboxWorker;
}

/**
 * Gives each event to the methods of a saga, and stores the commands that they emit in the transaction of the checkpoint:
 * an event is either not handled, or its commands are in the outbox.
 */
export class SagaRunner extends ParkingRunner<SagaSubscription, OutboxChange> {
  constructor(
    subscription: SagaSubscription,
    protected override readonly around: SagaSurroundings,
  ) {
    // What is handled twice is not stored twice: there is no hurry.
    super(subscription, around, Infinity);
  }

  protected async handle(event: object, recorded: RecordedEvent): Promise<OutboxChange[]> {
    const changes: OutboxChange[] = [];
    const { name: saga, methods } = this.subscription;
    const { commands, commandSizeLimit } = this.around;
    for (const method of methods) {
      const emitted = await emittedBy(method, event, (emission) =>
        storedEmission(emission, commands, commandSizeLimit),
      );
      for (const [index, emission] of emitted.entries()) {
        const id = (suffix = ''): string => commandIdOf(saga, method.name, recorded.eventId, index, suffix);
        changes.push(changeFor(emission, recorded, changes.length, id));
      }
    }
    return changes;
  }

  protected store(manager: EntityManager, changes: readonly OutboxChange[]): Promise<void> {
    return this.around.outbox.add(manager, this.subscription.name, changes);
  }

  protected override committed(): void {
    this.around.worker.take();
  }
}

/**
 * The id of the command that a method of a saga emits for an event as its `index`-th, counted from 0:
 * `uuid5(namespace: uuid5(namespace: event id, name: saga), name: '<method>:<index>')`; that of its compensation has
 * `:otherwise` behind the index. It is the same however often the event is handled, so that the log stores the effect once.
 */
export function commandIdOf(saga: string, method: string, eventId: string, index: number, suffix = ''): string {
  return uuidv5(`${method}:${index}${suffix}`, uuidv5(saga, eventId));
}
