import type { RangeStatus, SubscriptionKind, SubscriptionState, SubscriptionStatus } from '@leftfold/core';
import { ApiOrNull } from '@leftfold/http';
import { ApiProperty } from '@nestjs/swagger';
import { RebuildAnswer, rebuildAnswer } from './rebuild.answer.js';

/** Partitions that one node runs. */
export class RangeAnswer implements RangeStatus {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1023, description: 'The first partition.' })
  readonly from: number;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1023, description: 'The last partition, included.' })
  readonly to: number;

  @ApiProperty({ type: String, nullable: true, description: 'The process that runs it, if any.' })
  readonly owner: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'Position up to which all events of its streams are handled, parked or discarded.',
  })
  readonly position: number;

  @ApiProperty({ type: 'integer', description: 'Positions between there and the end of the log.' })
  readonly lag: number;
}

/** A subscription as an operator sees it. */
export class SubscriptionAnswer {
  @ApiProperty({ example: 'users.user-view' })
  readonly name: string;

  @ApiProperty({ enum: ['read-model', 'side-effect', 'saga'] })
  readonly kind: SubscriptionKind;

  @ApiProperty({ enum: ['live', 'catching-up', 'rebuilding', 'paused', 'stopped'] })
  readonly state: SubscriptionState;

  @ApiProperty({ type: 'integer', description: 'Position up to which all events are handled, parked or discarded.' })
  readonly position: number;

  @ApiProperty({
    type: 'integer',
    description: 'Positions between the checkpoint and the end of the log; of a saga, also its pending commands.',
  })
  readonly lag: number;

  @ApiProperty({ type: 'integer', description: 'Commands of a saga that are not finished, without dead letters.' })
  readonly pendingCommands: number;

  @ApiProperty({ type: 'integer', description: 'Commands of a saga whose time has not come; see `GET /schedules`.' })
  readonly scheduledCommands: number;

  @ApiProperty({ type: 'integer', description: 'Events handled since counting began.' })
  readonly handled: number;

  @ApiProperty({ type: 'integer', description: 'Parked events, including dead letters.' })
  readonly parked: number;

  @ApiProperty({ type: 'integer', description: 'Events that an operator discarded.' })
  readonly discarded: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The process that runs it, if any; several, separated by commas, when nodes share its partitions.',
  })
  readonly owner: string | null;

  @ApiProperty({ type: [RangeAnswer], description: 'Its partitions, by the node that runs them.' })
  readonly ranges: readonly RangeAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'The last failure, until an event is handled.' })
  readonly lastError: string | null;

  @ApiProperty({ type: 'integer', description: 'Stops after an error since its last progress; 0 while it works.' })
  readonly restarts: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: "When it starts again by itself after an error, by the database's clock; null when it does not.",
  })
  readonly restartAt: string | null;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether no node has run it for more than three leases although it is to run.',
  })
  readonly unattended: boolean;

  @ApiOrNull(RebuildAnswer, 'The current rebuild, otherwise the last one.')
  readonly rebuild: RebuildAnswer | null;
}

export function subscriptionAnswer(status: SubscriptionStatus): SubscriptionAnswer {
  const { name, kind, state, position, lag, pendingCommands, scheduledCommands, ...rest } = status;
  const { handled, parked, discarded, owner, ranges, lastError, restarts, restartAt, isUnattended, rebuild } = rest;
  return {
    name,
    kind,
    state,
    position,
    lag,
    pendingCommands,
    scheduledCommands,
    handled,
    parked,
    discarded,
    owner,
    ranges: ranges.map(({ from, to, ...range }) => ({ from, to, ...range })),
    lastError,
    restarts,
    restartAt: restartAt?.toISOString() ?? null,
    unattended: isUnattended,
    rebuild: rebuild && rebuildAnswer(rebuild),
  };
}

export class SubscriptionNameAnswer {
  @ApiProperty({ example: 'users.user-view' })
  readonly name: string;
}
