import type { CommandData } from '../../commands/stored-commands.js';

/** A command that a saga has emitted. */
export interface EmittedCommand extends CommandData {
  /** Id under which it is executed; see `commandIdOf`. */
  readonly id: string;
  /** Stream and position of the event that caused it. */
  readonly stream: string;
  readonly position: number;
  /** Place among the commands that this event caused, from 0. */
  readonly place: number;
  readonly correlationId: string;
  /** Id of the event. */
  readonly causationId: string;
  readonly traceparent: string | null;
}

/** A command that this process has taken, to execute it. */
export interface TakenCommand extends Omit<EmittedCommand, 'place'> {
  readonly saga: string;
  /** See `SagaCommandEntity`. */
  readonly line: string | null;
  /** How often it was taken, since it was emitted or an operator asked for a retry; this time included. */
  readonly tries: number;
  /** How often the process that had taken it did not come back from it. */
  readonly deaths: number;
}

export interface CommandFailure {
  readonly message: string;
  readonly stack: string | null;
}

/**
 * What became of it. `refused`: repeating it would not help, and the later ones of its line go on. `dead`: its attempts are
 * used up, and the later ones wait. `failed`: it is tried again after `dueIn` ms.
 */
export type CommandOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' | 'dead'; readonly failure: CommandFailure }
  | { readonly kind: 'failed'; readonly failure: CommandFailure; readonly dueIn: number };

export interface Settlement {
  readonly command: TakenCommand;
  readonly outcome: CommandOutcome;
}
