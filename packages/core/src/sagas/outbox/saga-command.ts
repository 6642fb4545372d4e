import type { CommandData } from '../../commands/stored-commands.js';
import type { Failure } from '../../subscriptions/parking/failure.js';

/** A command that a saga has emitted. */
export interface EmittedCommand extends CommandData {
  /** Id under which it is executed; see `commandIdOf`. */
  readonly id: string;
  /** Stream and position of the event that caused it. */
  readonly stream: string;
  readonly position: number;
  /** Index among the commands that this event caused, from 0. */
  readonly place: number;
  readonly correlationId: string;
  /** Party for fair scheduling among due commands. */
  readonly party: string;
  /** Id of the event. */
  readonly causationId: string;
  readonly traceparent: string | null;
  /** JSON: the application's metadata of the event, `metadata.custom`. */
  readonly custom: string | null;
}

/** A command that is executed instead of a refused one. */
export interface Compensation extends CommandData {
  readonly id: string;
}

/** A change of the outbox that a saga has emitted, in order of emission. */
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

/** A command that this process has claimed for execution. */
export interface TakenCommand extends Omit<EmittedCommand, 'place' | 'party'> {
  readonly saga: string;
  /** See `SagaCommandEntity`. */
  readonly line: string | null;
  /** Number of claims since it was emitted, or since an operator requested a retry, including this one. */
  readonly tries: number;
  /** Number of claims that ended with a crash or a freeze of the process. */
  readonly deaths: number;
  /** Whether a compensation is executed when it is refused. */
  readonly hasCompensation: boolean;
}

/**
 * Outcome of a command. `refused`: a retry would not help, and the later commands of its line continue. `dead`: its
 * attempts are used up, and the later ones wait. `failed`: it is retried after `dueIn` ms.
 */
export type ExecutionOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' | 'dead'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly dueIn: number };

export interface Settlement {
  readonly command: TakenCommand;
  readonly outcome: ExecutionOutcome;
}
