import type { DeadLetter } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** A dead letter, as an operator sees it. */
export class DeadLetterAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;

  @ApiProperty({
    enum: ['event', 'command', 'message'],
    description: 'An event, a command that a saga has emitted, or a message of a broker.',
  })
  readonly kind: DeadLetter['kind'];

  @ApiProperty({ example: 'users.welcome-mail', description: 'For a message, its handler.' })
  readonly subscription: string;

  @ApiProperty({
    type: 'integer',
    description:
      'Position of the event; for a command, of the event that caused it; for a message, its sequence at the broker.',
  })
  readonly position: number;

  @ApiProperty({ description: 'For a message, its stream at the broker.' })
  readonly stream: string;

  @ApiProperty({ type: 'integer', description: 'Version of the stream with this event; 0 for a message.' })
  readonly version: number;

  @ApiProperty({
    example: 'users.user-registered',
    description: 'Stored name of the event or the command; for a message, the type of its event, or its subject.',
  })
  readonly type: string;

  @ApiProperty({ type: 'integer' })
  readonly attempts: number;

  @ApiProperty({ format: 'date-time' })
  readonly firstFailedAt: string;

  @ApiProperty({ format: 'date-time' })
  readonly lastFailedAt: string;

  @ApiProperty({ description: 'Error of the last attempt.' })
  readonly error: string;

  @ApiProperty({ type: String, nullable: true })
  readonly stack: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'Number of later events or commands of its stream that wait behind it.',
  })
  readonly waiting: number;
}

export function deadLetterAnswer(letter: DeadLetter): DeadLetterAnswer {
  const { id, kind, subscription, position, stream, version, type, attempts, error, stack, waiting } = letter;
  return {
    id,
    kind,
    subscription,
    position,
    stream,
    version,
    type,
    attempts,
    firstFailedAt: letter.firstFailedAt.toISOString(),
    lastFailedAt: letter.lastFailedAt.toISOString(),
    error,
    stack,
    waiting,
  };
}

export class DeadLetterIdAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
}
