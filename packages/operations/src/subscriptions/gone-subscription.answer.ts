import type { GoneSubscription } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** What is left of a subscription that this program no longer has. */
export class GoneSubscriptionAnswer {
  @ApiProperty({ example: 'users.greeting' })
  readonly name: string;

  @ApiProperty({ type: 'integer', description: 'Position up to which everything was handled or set aside.' })
  readonly position: number;

  @ApiProperty({ type: 'integer', description: 'Events that are set aside, dead letters included.' })
  readonly events: number;

  @ApiProperty({ type: 'integer', description: 'Commands in the outbox, scheduled ones and dead letters included.' })
  readonly commands: number;

  @ApiProperty({ type: String, nullable: true, description: 'A process of another version that runs it now.' })
  readonly owner: string | null;
}

export function goneSubscriptionAnswer(gone: GoneSubscription): GoneSubscriptionAnswer {
  const { name, position, events, commands, owner } = gone;
  return { name, position, events, commands, owner };
}
