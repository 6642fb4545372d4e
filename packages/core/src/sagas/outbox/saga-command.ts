import type { CommandData } from '../../commands/stored-commands.js';
import type { Failure } from '../../subscriptions/parking/failure.js';

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
  /** Whose turn it takes among those that are due. */
  readonly party: string;
  /** Id of the event. */
  readonly causationId: string;
  readonly traceparent: string | null;
  /** JSON: what the application keeps in the metadata of the event, `metadata.custom`. */
  readonly custom: string | null;
}

/** A command in the place of one that was refused. */
export interface Compensation extends CommandData {
  readonly id: string;
}

/** What a saga wants done with the outbox, in the order in which it was emitted. */
export type OutboxChange =
  | { readonly kind: 'execute'; readonly command: EmittedCommand; readonly otherwise: Compensation | null }
  | {
      readonly kind: 'schedule';
      readonly command: EmittedCommand;
      readonly key: string;
      /** Ms since 1970, UTC. */
      readonly dueAt: number;
    }
  | { readonly kind: 'cancel'; readonly key: string };

/** A command that this process has taken, to execute it. */
export interface TakenCommand extends Omit<EmittedCommand, 'place' | 'party'> {
  readonly saga: string;
  /** See `SagaCommandEntity`. */
  readonly line: string | null;
  /** How often it was taken, since it was emitted or an operator asked for a retry; this time included. */
  readonly tries: number;
  /** How often the process that had taken it did not come back from it. */
  readonly deaths: number;
  /** Whether another command is executed when it is refused. */
  readonly hasCompensation: boolean;
}

/**
 * What became of it. `refused`: repeating it would not help, and the later ones of its line go on. `dead`: its attempts are
 * used up, and the later ones wait. `failed`: it is tried again after `dueIn` ms.
 */
export type ExecutionOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' | 'dead'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly dueIn: number };

export interface Settlement {
  readonly command: TakenCommand;
  readonly outcome: ExecutionOutcome;
}
