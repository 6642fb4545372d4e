import type { FeedProblem, MessageHandlerStatus } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** A handler of messages as an operator sees it. */
export class MessageHandlerAnswer {
  @ApiProperty({ example: 'orders.mark-paid' })
  readonly name: string;

  @ApiProperty({ type: String, nullable: true, example: 'billing.invoice.*', description: 'Subject of its messages.' })
  readonly from: string | null;

  @ApiProperty({ enum: ['live', 'stopped', 'off'], description: 'Whether messages arrive. off: there is no broker.' })
  readonly state: MessageHandlerStatus['state'];

  @ApiProperty({
    enum: ['away', 'missing', 'still'],
    nullable: true,
    description:
      'Why it has stopped. away: the broker can not be reached, or refuses; missing: it has no stream or no consumer for it; ' +
      'still: messages wait, and none has been delivered for a long time.',
  })
  readonly problem: FeedProblem | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Messages that were not delivered yet, if known.' })
  readonly waiting: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Messages being handled or tried again, if known.' })
  readonly unacknowledged: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the problem is, in words.' })
  readonly lastError: string | null;
}

export function messageHandlerAnswer(status: MessageHandlerStatus): MessageHandlerAnswer {
  const { name, from, state, problem, waiting, unacknowledged, error: lastError } = status;
  return { name, from, state, problem, waiting, unacknowledged, lastError };
}
