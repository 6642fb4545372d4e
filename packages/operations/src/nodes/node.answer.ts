import type { NodeRange, NodeRole, NodeStatus } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** Partitions of a subscription that a node runs. */
export class NodeRangeAnswer implements NodeRange {
  @ApiProperty({ example: 'orders.fulfilment' })
  readonly subscription: string;

  @ApiProperty({ description: 'First partition, from 0 to 1023.' })
  readonly from: number;

  @ApiProperty({ description: 'Last partition, included.' })
  readonly to: number;
}

/** A node that is alive, as an operator sees it. */
export class NodeAnswer {
  @ApiProperty({ example: 'orders-1/3f9a01c2', description: 'Its name, a slash and a random part of each process.' })
  readonly id: string;

  @ApiProperty({
    enum: ['api', 'worker'],
    isArray: true,
    nullable: true,
    description: 'What it does: api answers requests, worker runs subscriptions. null of a version before this list.',
  })
  readonly roles: readonly NodeRole[] | null;

  @ApiProperty({ type: String, nullable: true, example: '1.4.0', description: 'Version of its program, if it tells.' })
  readonly version: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly startedAt: string;

  @ApiProperty({ format: 'date-time', description: 'Its last sign of life.' })
  readonly lastSeen: string;

  @ApiProperty({ type: [NodeRangeAnswer], description: 'What it runs. 0 to 1023 when it runs a subscription alone.' })
  readonly ranges: readonly NodeRangeAnswer[];
}

export function nodeAnswer({ id, roles, version, startedAt, lastSeen, ranges }: NodeStatus): NodeAnswer {
  return { id, roles, version, startedAt: startedAt.toISOString(), lastSeen: lastSeen.toISOString(), ranges };
}
