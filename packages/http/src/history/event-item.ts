import type { JsonObject, RecordedEvent } from '@leftfold/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** An event as histories and the audit routes show it. */
export class EventItem {
  @ApiProperty({ type: 'integer' })
  readonly position: number;

  @ApiProperty()
  readonly stream: string;

  @ApiProperty({ type: 'integer' })
  readonly version: number;

  @ApiProperty({ example: 'users.user-registered' })
  readonly type: string;

  @ApiProperty({ type: Object })
  readonly data: JsonObject;

  @ApiProperty({ format: 'date-time' })
  readonly recordedAt: string;

  @ApiProperty({ description: 'A user id, anonymous, cli, system, or saga:<name>.' })
  readonly actor: string;

  @ApiProperty()
  readonly correlationId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of the event that caused the command.' })
  readonly causationId: string | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['username', 'email'],
    description:
      'Names of the fields that are left out of `data`, because the person that they are about is forgotten.',
  })
  readonly forgotten?: readonly string[];
}

/** A stored event, as the API shows it. */
export function eventItem(event: RecordedEvent): EventItem {
  return {
    position: event.position,
    stream: event.stream,
    version: event.version,
    type: event.type,
    data: event.data,
    recordedAt: event.recordedAt.toISOString(),
    actor: event.actor,
    correlationId: event.correlationId,
    causationId: event.metadata.causationId ?? null,
    ...(event.forgotten && { forgotten: event.forgotten }),
  };
}
