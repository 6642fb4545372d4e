import { Command } from '@nestjs/cqrs';

export class EndSessionsCommand extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}
