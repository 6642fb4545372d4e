import { Command } from '@nestjs/cqrs';

export class RevertProfileCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly toVersion: number,
  ) {
    super();
  }
}
