import { Logger } from '@nestjs/common';
import type { CommandData, StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { decodeJson, encodeJson, type JsonObject } from '../events/json.js';
import { quotedSubjects } from '../personal-data/quoted-subjects.js';
import type { SealedCopies } from '../personal-data/sealed-copies.js';
import { commandIdOf } from './command-id.js';
import { CancelledSchedule, CommandOrElse, dueTime, ScheduledCommand } from './emission.js';
import { dataOf, type OutboxChange } from './outbox/pending-command.js';
import { emittedBy } from './saga-methods.js';
import type { SagaSubscription } from './saga-subscription.js';

/** Prefix of the actor of a saga's command; see `CommandExecutor`. */
const SAGA_ACTOR = 'saga:';
/** Format of W3C Trace Context. A client may send any text, and a bad trace context must not make a command fail. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,200})?$/;

/** Converts what saga methods emit to what the outbox stores. */
export class EmittedCommands {
  private readonly logger = new Logger('saga commands');

  constructor(
    private readonly commands: StoredCommands,
    /** Largest size of a command's data, in bytes. */
    private readonly commandSizeLimit: number,
    private readonly copies: SealedCopies,
  ) {}

  /** @throws StoredCommandError, UnstorableValueError, TypeError, and errors of a method */
  async of(
    { name: saga, methods }: SagaSubscription,
    events: readonly object[],
    recorded: RecordedEvent,
  ): Promise<OutboxChange[]> {
    const changes: OutboxChange[] = [];
    for (const [part, event] of events.entries()) {
      for (const method of methods) {
        const emitted = await emittedBy(method, event, (emission, index) => {
          const place = { method: method.name, part };
          const id = (suffix?: string): string => commandIdOf(saga, place, recorded.eventId, index, suffix);
          return this.changeFor(emission, recorded, changes.length + index, id);
        });
        changes.push(...emitted);
      }
    }
    const sealed = await Promise.all(changes.map((change) => this.sealed(change, recorded)));
    return sealed.filter((change) => change !== undefined);
  }

  /** A command that quotes a personal field of the event is stored encrypted. Undefined when a subject is forgotten. */
  private async sealed(change: OutboxChange, recorded: RecordedEvent): Promise<OutboxChange | undefined> {
    if (change instanceof CancelledSchedule || recorded.personalFields.length === 0) return change;
    const { compensation } = change;
    const data = await this.sealedData(change.data, change.id, recorded);
    const other = compensation && (await this.sealedData(compensation.data, compensation.id, recorded));
    if (data === undefined || other === undefined) {
      this.logger.log(
        `A command ${change.name} is left out: it quotes somebody who was forgotten meanwhile ` +
          `(caused by the event at position ${recorded.position}).`,
      );
      return undefined;
    }
    return { ...change, data, compensation: compensation && { ...compensation, data: other! } };
  }

  private async sealedData(data: string, id: string, recorded: RecordedEvent): Promise<string | undefined> {
    const subjects = quotedSubjects(decodeJson<JsonObject>(data), recorded.personalFields);
    return subjects.length === 0 ? data : this.copies.seal(data, subjects, dataOf(id));
  }

  /**
   * @param index among everything that is emitted for this event
   * @param id makes the id of the command, or with a suffix, of its compensation
   */
  private changeFor(
    emission: object,
    recorded: RecordedEvent,
    index: number,
    id: (suffix?: string) => string,
  ): OutboxChange {
    if (emission instanceof CancelledSchedule) return emission;
    const cause = { ...causeOf(recorded), id: id(), index, schedule: null, compensation: null };
    if (emission instanceof ScheduledCommand) {
      const { key } = emission.schedule;
      // Counted from the event's time, so that it is the same however late, or how often, the saga handles it.
      const dueAt = dueTime(emission.schedule, recorded.recordedAt.getTime());
      return { ...cause, ...this.stored(emission.command), schedule: { key, dueAt } };
    }
    if (emission instanceof CommandOrElse) {
      const compensation = { ...this.stored(emission.compensation), id: id(':otherwise') };
      return { ...cause, ...this.stored(emission.command), compensation };
    }
    return { ...cause, ...this.stored(emission) };
  }

  private stored(command: object): CommandData {
    return this.commands.toStored(command, this.commandSizeLimit);
  }
}

/** What a command keeps of the event that caused it. */
function causeOf(recorded: RecordedEvent) {
  const { stream, position, correlationId, actor, eventId, metadata } = recorded;
  const { traceparent, custom } = metadata;
  return {
    stream,
    position,
    correlationId,
    causationId: eventId,
    // Events caused by sagas have no person as actor, so each original request has a key of its own.
    fairnessKey: actor.startsWith(SAGA_ACTOR) ? correlationId : actor,
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : null,
    custom: custom === undefined ? null : encodeJson(custom),
  };
}
