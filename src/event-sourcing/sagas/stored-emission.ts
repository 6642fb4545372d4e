import type { CommandData, StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { CancelledSchedule, CommandOrElse, type Schedule, ScheduledCommand } from './emission.js';
import type { EmittedCommand, OutboxChange } from './outbox/saga-command.js';

/** What a method has emitted, as it is kept. */
export interface StoredEmission {
  readonly command?: CommandData;
  readonly compensation?: CommandData;
  readonly schedule?: Schedule;
  readonly cancels?: string;
}

/** @throws StoredCommandError, UnstorableValueError */
export function storedEmission(emission: object, commands: Pick<StoredCommands, 'toStored'>): StoredEmission {
  if (emission instanceof CancelledSchedule) return { cancels: emission.key };
  if (emission instanceof ScheduledCommand) {
    return { command: commands.toStored(emission.command), schedule: emission.schedule };
  }
  if (emission instanceof CommandOrElse) {
    return { command: commands.toStored(emission.command), compensation: commands.toStored(emission.compensation) };
  }
  return { command: commands.toStored(emission) };
}

/**
 * @param place among what was emitted for this event
 * @param id of the command, or of what has the suffix
 */
export function changeFor(
  { command, compensation, schedule, cancels }: StoredEmission,
  recorded: RecordedEvent,
  place: number,
  id: (suffix?: string) => string,
): OutboxChange {
  if (cancels !== undefined) return { kind: 'cancel', key: cancels };
  const emitted: EmittedCommand = {
    ...command!,
    id: id(),
    stream: recorded.stream,
    position: recorded.position,
    place,
    correlationId: recorded.correlationId,
    causationId: recorded.eventId,
    traceparent: recorded.metadata.traceparent ?? null,
  };
  if (schedule) return { kind: 'schedule', command: emitted, key: schedule.key, dueAt: dueAt(schedule, recorded) };
  const otherwise = compensation ? { ...compensation, id: id(':otherwise') } : null;
  return { kind: 'execute', command: emitted, otherwise };
}

/** Counted from the event, so that it is the same however late a saga is, and however often it handles it. */
function dueAt({ after, at }: Schedule, { recordedAt }: RecordedEvent): number {
  return Math.ceil(at ? at.getTime() : recordedAt.getTime() + after!);
}
