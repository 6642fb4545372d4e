import type { ScheduledEntry } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** A command that a saga has scheduled. */
export class ScheduleAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;

  @ApiProperty({ example: 'orders.fulfilment' })
  readonly saga: string;

  @ApiProperty({ description: 'Key of the schedule within the saga.' })
  readonly key: string;

  @ApiProperty({ example: 'orders.expire-order', description: 'Stored name of the command.' })
  readonly command: string;

  @ApiProperty({ format: 'date-time' })
  readonly dueAt: string;

  @ApiProperty({ description: 'Stream of the event that caused it.' })
  readonly stream: string;

  @ApiProperty({ type: String })
  readonly correlationId: string;
}

export function scheduleAnswer({
  id,
  saga,
  key,
  command,
  dueAt,
  stream,
  correlationId,
}: ScheduledEntry): ScheduleAnswer {
  return { id, saga, key, command, dueAt: dueAt.toISOString(), stream, correlationId };
}

export class ScheduleIdAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
}
