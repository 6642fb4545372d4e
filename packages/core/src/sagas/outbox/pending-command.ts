import type { CommandData } from '../../commands/stored-commands.js';
import type { CancelledSchedule } from '../emission.js';

/** A command on its way into the outbox. */
export interface PendingCommand extends CommandData {
  /** Id under which it is executed; see `commandIdOf`. */
  readonly id: string;
  /** Stream and position of the event that caused it. */
  readonly stream: string;
  readonly position: number;
  /** Index among the commands that this event caused, from 0. */
  readonly index: number;
  readonly correlationId: string;
  /** Id of the event. */
  readonly causationId: string;
  readonly traceparent: string | null;
  /** JSON: the application's metadata of the event, `metadata.custom`. */
  readonly custom: string | null;
  /** Commands with different keys share the workers fairly; see `FairOrder`. */
  readonly fairnessKey: string;
  /** Null: it is executed as soon as the earlier commands of its stream are done. */
  readonly schedule: CommandSchedule | null;
  /** Executed in its place when it is refused. */
  readonly compensation: (CommandData & { readonly id: string }) | null;
}

/** A pending command with its place in the order of due commands. */
export type InsertedCommand = PendingCommand & { readonly virtualTime: number };

/** When to execute a command. It is in no order with others. */
export interface CommandSchedule {
  /** Unique within the saga. */
  readonly key: string;
  /** Ms since 1970, UTC. */
  readonly dueAt: number;
}

/** What a saga has emitted: a command, or the cancellation of a scheduled one. */
export type OutboxChange = PendingCommand | CancelledSchedule;

/** What the encryption of a command's data is bound to. */
export function dataOf(commandId: string): string {
  return `command ${commandId}`;
}
