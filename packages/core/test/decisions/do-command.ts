import { AsyncLocalStorage } from 'node:async_hooks';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { AggregateRepository } from '../../src/index.js';
import { Counter } from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';

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

/** A new SQLite log, a node that executes commands, and another one that stores and reads beside it. */
export class TwoNodes {
  private constructor(
    private readonly database: TestDatabase,
    readonly node: CounterNode,
    readonly other: CounterNode,
  ) {}

  static async start(): Promise<TwoNodes> {
    const database = await createTestDatabase('sqlite');
    const node = await CounterNode.start(database, {}, { providers: [DoHandler] });
    return new TwoNodes(database, node, await CounterNode.start(database));
  }

  async stop(): Promise<void> {
    await this.node.stop();
    await this.other.stop();
    await this.database.drop();
  }

  run<T>(work: (counters: AggregateRepository) => Promise<T>): Promise<T> {
    return this.node.commands.execute(new DoCommand(work));
  }

  async open(): Promise<string> {
    const id = uuidv7();
    await this.other.aggregates.create(Counter, Counter.open(id, id));
    return id;
  }

  async valueOf(id: string): Promise<number> {
    return (await this.other.aggregates.load(Counter, id)).value;
  }
}

/** Raises a counter to at most 10. */
export function raise(counters: AggregateRepository, id: string, by = 1): Promise<undefined> {
  return counters.update(Counter, id, (counter) => counter.raise(by, 10));
}
