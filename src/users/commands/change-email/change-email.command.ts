import { Command } from '@nestjs/cqrs';

export class ChangeEmailCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly email: string,
  ) {
    super();
  }
}
