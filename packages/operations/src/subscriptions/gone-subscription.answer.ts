import type { GoneSubscription } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** Remaining work of a subscription that this program no longer has. */
export class GoneSubscriptionAnswer {
  @ApiProperty({ example: 'users.greeting' })
  readonly name: string;

  @ApiProperty({ type: 'integer', description: 'Position up to which all events were handled or parked.' })
  readonly position: number;

  @ApiProperty({ type: 'integer', description: 'Parked events, including dead letters.' })
  readonly events: number;

  @ApiProperty({ type: 'integer', description: 'Commands in the outbox, including scheduled ones and dead letters.' })
  readonly commands: number;

  @ApiProperty({ type: String, nullable: true, description: 'A process of another version that runs it now.' })
  readonly owner: string | null;
}

export function goneSubscriptionAnswer(gone: GoneSubscription): GoneSubscriptionAnswer {
  const { name, position, events, commands, owner } = gone;
  return { name, position, events, commands, owner };
}
