import type { EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import type { StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { ParkingRunner, type ParkingSurroundings } from '../subscriptions/runners/parking-runner.js';
import type { SagaSubscription } from '../subscriptions/subscription.js';
import type { Outbox } from './outbox/outbox.js';
import type { OutboxWorker } from './outbox/outbox-worker.js';
import type { EmittedCommand } from './outbox/saga-command.js';
import { emittedBy } from './saga-methods.js';

export interface SagaSurroundings extends ParkingSurroundings {
  readonly commands: StoredCommands;
  readonly outbox: Outbox;
  readonly worker: OutboxWorker;
}

/**
 * Gives each event to the methods of a saga, and stores the commands that they emit in the transaction of the checkpoint:
 * an event is either not handled, or its commands are in the outbox.
 */
export class SagaRunner extends ParkingRunner<SagaSubscription, EmittedCommand> {
  constructor(
    subscription: SagaSubscription,
    protected override readonly around: SagaSurroundings,
  ) {
    // What is handled twice is not stored twice: there is no hurry.
    super(subscription, around, Infinity);
  }

  protected async handle(event: object, recorded: RecordedEvent): Promise<EmittedCommand[]> {
    const emitted: EmittedCommand[] = [];
    const { name: saga, methods } = this.subscription;
    for (const method of methods) {
      const commands = await emittedBy(method, event, (command) => this.around.commands.toStored(command));
      for (const [index, command] of commands.entries()) {
        emitted.push({
          ...command,
          id: commandIdOf(saga, method.name, recorded.eventId, index),
          stream: recorded.stream,
          position: recorded.position,
          place: emitted.length,
          correlationId: recorded.correlationId,
          causationId: recorded.eventId,
          traceparent: recorded.metadata.traceparent ?? null,
        });
      }
    }
    return emitted;
  }

  protected store(manager: EntityManager, commands: readonly EmittedCommand[]): Promise<void> {
    return this.around.outbox.add(manager, this.subscription.name, commands);
  }

  protected override committed(): void {
    this.around.worker.take();
  }
}

/**
 * The id of the command that a method of a saga emits for an event as its `index`-th, counted from 0:
 * `uuid5(namespace: uuid5(namespace: event id, name: saga), name: '<method>:<index>')`. It is the same however often the
 * event is handled, so that the log stores the effect once.
 */
export function commandIdOf(saga: string, method: string, eventId: string, index: number): string {
  return uuidv5(`${method}:${index}`, uuidv5(saga, eventId));
}
