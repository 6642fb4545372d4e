import { AsyncLocalStorage } from 'node:async_hooks';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateRepository } from '../../src/index.js';

/** A command whose handler does what the test says. */
export class DoCommand<T> extends Command<T> {
  constructor(readonly work: (counters: AggregateRepository) => Promise<T>) {
    super();
  }
}

@CommandHandler(DoCommand)
export class DoHandler implements ICommandHandler<DoCommand<unknown>> {
  constructor(private readonly counters: AggregateRepository) {}

  execute({ work }: DoCommand<unknown>): Promise<unknown> {
    return work(this.counters);
  }
}

/** Does work that is no part of the command that is being executed, as another process would. */
export const elsewhere: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
