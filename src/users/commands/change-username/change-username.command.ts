import { Command } from '@nestjs/cqrs';

export class ChangeUsernameCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly username: string,
  ) {
    super();
  }
}
