import type { CausationGraph, CausationNode } from '@leftfold/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const KINDS = ['request', 'event', 'command', 'schedule', 'side-effect', 'dead-letter'] as const;
const STATES = ['done', 'pending', 'waiting', 'ready', 'retrying', 'dead'] as const;

/** One step of a story. What it has besides `id` and `kind` depends on its kind. */
export class CausationNodeAnswer {
  @ApiProperty({
    description:
      'Of a request its correlation id, of an event, a command, a schedule and a dead letter its own id, of a side effect <subscription>/<event id>.',
  })
  readonly id: string;

  @ApiProperty({ enum: KINDS })
  readonly kind: CausationNode['kind'];

  @ApiPropertyOptional({ description: 'Of a request, an event and a command.' })
  readonly actor?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Of an event; of a request and a command, of the first one.',
  })
  readonly recordedAt?: string;

  @ApiPropertyOptional({ example: 'orders.order-placed', description: 'Stored type of an event.' })
  readonly type?: string;

  @ApiPropertyOptional({ description: 'Of an event.' })
  readonly stream?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Version of the stream with this event.' })
  readonly version?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Of an event.' })
  readonly position?: number;

  @ApiPropertyOptional({
    example: 'orders.expire-order',
    description: 'Stored name of a schedule’s command, and of a command that is not done.',
  })
  readonly command?: string;

  @ApiPropertyOptional({
    enum: STATES,
    description: 'Of a command and a side effect. pending: the side effect has not come so far.',
  })
  readonly state?: (typeof STATES)[number];

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When a schedule is due, or what has failed is tried again.',
  })
  readonly dueAt?: string;

  @ApiPropertyOptional({ description: 'Of a schedule.' })
  readonly saga?: string;

  @ApiPropertyOptional({ description: 'Key of a schedule within its saga.' })
  readonly key?: string;

  @ApiPropertyOptional({ description: 'Of a side effect and a dead letter.' })
  readonly subscription?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Of a dead letter.' })
  readonly attempts?: number;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of a dead letter.' })
  readonly firstFailedAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of a dead letter.' })
  readonly lastFailedAt?: string;

  @ApiPropertyOptional({ description: 'Error of the last attempt of a dead letter.' })
  readonly error?: string;
}

export class CausationEdgeAnswer {
  @ApiProperty({ description: 'Id of the node that caused the other one.' })
  readonly from: string;

  @ApiProperty()
  readonly to: string;
}

export class CausationAnswer {
  @ApiProperty({ type: [CausationNodeAnswer] })
  readonly nodes: readonly CausationNodeAnswer[];

  @ApiProperty({ type: [CausationEdgeAnswer] })
  readonly edges: readonly CausationEdgeAnswer[];

  @ApiPropertyOptional({ enum: [true], description: 'Given when there is more than the first 1,000 events.' })
  readonly isCut?: true;
}

export function causationAnswer({ nodes, edges, isCut }: CausationGraph): CausationAnswer {
  return { nodes: nodes.map(nodeAnswer), edges, ...(isCut && { isCut }) };
}

/** With its times as texts. */
function nodeAnswer(node: CausationNode): CausationNodeAnswer {
  const entries = Object.entries(node).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(entries) as CausationNodeAnswer;
}
