import type { Failure } from '../../subscriptions/parking/failure.js';
import type { PendingCommand } from './pending-command.js';

/** A command that this process has claimed for execution. */
export interface ClaimedCommand extends Omit<PendingCommand, 'index' | 'fairnessKey' | 'schedule' | 'compensation'> {
  readonly saga: string;
  /** See `SagaCommandEntity`. */
  readonly orderingKey: string | null;
  /** Number of claims since it was emitted, or since an operator requested a retry, including this one. */
  readonly tries: number;
  /** Number of claims that ended with a crash or a freeze of the process. */
  readonly deaths: number;
  /** Whether a compensation is executed when it is refused. */
  readonly hasCompensation: boolean;
}

/**
 * Outcome of a command. `refused`: a retry would not help, and the later commands of its stream continue. `dead`: its
 * attempts are used up, and the later ones wait. `failed`: it is retried after `dueIn` ms. `left`: the same, for a node of a newer
 * version of the program, so the attempt does not count; see `LEFT_FOR`.
 */
export type ExecutionOutcome =
  { readonly kind: 'done' } | { readonly kind: 'refused' | 'dead'; readonly failure: Failure } | RetriedLater;

/** Outcome of a command that is tried again; see `ExecutionOutcome`. */
export interface RetriedLater {
  readonly kind: 'failed' | 'left';
  readonly failure: Failure;
  /** In ms from now. */
  readonly dueIn: number;
}

/** A claimed command with its outcome, to be stored. */
export interface Settlement {
  readonly command: ClaimedCommand;
  readonly outcome: ExecutionOutcome;
}

/** A row of the outbox, as the driver returns it. */
export type OutboxRow = Readonly<Record<string, string | number | null>>;

export function claimedCommand(row: OutboxRow): ClaimedCommand {
  return {
    id: row.id as string,
    saga: row.saga as string,
    stream: row.stream as string,
    orderingKey: row.line as string | null,
    position: Number(row.position),
    name: row.name as string,
    version: Number(row.version),
    data: row.data as string,
    correlationId: row.correlation_id as string,
    causationId: row.causation_id as string,
    traceparent: row.traceparent as string | null,
    custom: row.custom as string | null,
    tries: Number(row.tries),
    deaths: Number(row.deaths),
    hasCompensation: row.otherwise_id !== null,
  };
}
