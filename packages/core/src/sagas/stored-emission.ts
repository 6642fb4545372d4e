import type { CommandData, StoredCommands } from '../commands/stored-commands.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { encodeJson } from '../events/json.js';
import { CancelledSchedule, CommandOrElse, dueTime, type Schedule, ScheduledCommand } from './emission.js';
import type { EmittedCommand, OutboxChange } from './outbox/saga-command.js';

/** Prefix of the actor of a saga's command; see `CommandExecutor`. */
const SAGA_ACTOR = 'saga:';
/** Format of W3C Trace Context. A client may send any text, and a bad trace context must not make a command fail. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,200})?$/;

/** What a method has emitted, in stored form. */
export interface StoredEmission {
  readonly command?: CommandData;
  readonly compensation?: CommandData;
  readonly schedule?: Schedule;
  readonly cancels?: string;
}

/**
 * @param sizeLimit largest size of one command's data, in bytes
 * @throws StoredCommandError, UnstorableValueError
 */
export function storedEmission(emission: object, commands: StoredCommands, sizeLimit: number): StoredEmission {
  const toStored = (command: object): CommandData => commands.toStored(command, sizeLimit);
  if (emission instanceof CancelledSchedule) return { cancels: emission.key };
  if (emission instanceof ScheduledCommand) {
    return { command: toStored(emission.command), schedule: emission.schedule };
  }
  if (emission instanceof CommandOrElse) {
    return { command: toStored(emission.command), compensation: toStored(emission.compensation) };
  }
  return { command: toStored(emission) };
}

/**
 * @param place index among the commands emitted for this event
 * @param id makes the id of the command, or with a suffix, of its compensation
 * @throws TypeError when its due time is out of the range of a Date
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
    party: partyOf(recorded),
    causationId: recorded.eventId,
    traceparent: traceparentOf(recorded),
    custom: customOf(recorded),
  };
  if (schedule) {
    // Counted from the event's time, so that it is the same however late, or how often, the saga handles it.
    const dueAt = dueTime(schedule, recorded.recordedAt.getTime());
    return { kind: 'schedule', command: emitted, key: schedule.key, dueAt };
  }
  const otherwise = compensation ? { ...compensation, id: id(':otherwise') } : null;
  return { kind: 'execute', command: emitted, otherwise };
}

/** Events caused by sagas have no person as actor, so each original request is a party of its own. */
function partyOf({ actor, correlationId }: RecordedEvent): string {
  return actor.startsWith(SAGA_ACTOR) ? correlationId : actor;
}

function customOf({ metadata: { custom } }: RecordedEvent): string | null {
  return custom === undefined ? null : encodeJson(custom);
}

function traceparentOf({ metadata: { traceparent } }: RecordedEvent): string | null {
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : null;
}
