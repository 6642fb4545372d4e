import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  ExpectedError,
  type JsonObject,
  unreachable,
} from '../../src/index.js';

@DomainEvent('counters.counter-opened', { tags: ({ name }: CounterOpened) => ({ name }) })
export class CounterOpened {
  declare readonly type: 'counters.counter-opened';
  constructor(
    readonly counterId: string,
    readonly name: string,
  ) {}
}

@DomainEvent('counters.counter-raised')
export class CounterRaised {
  declare readonly type: 'counters.counter-raised';
  constructor(
    readonly counterId: string,
    readonly by: number,
  ) {}
}

export const COUNTER_EVENTS = [CounterOpened, CounterRaised] as const;
export type CounterEvent = InstanceType<(typeof COUNTER_EVENTS)[number]>;

export class CounterNotFoundError extends ExpectedError {
  readonly code = 'counter-not-found';
  readonly kind = 'not-found';
}

export class CounterFullError extends ExpectedError {
  readonly code = 'counter-full';
  readonly kind = 'broken-rule';
}

export class NameTakenError extends ExpectedError {
  readonly code = 'name-taken';
  readonly kind = 'broken-rule';
}

@Aggregate({
  category: 'counter',
  events: COUNTER_EVENTS,
  snapshotVersion: 1,
  notFound: (id) => new CounterNotFoundError(`There is no counter ${id}.`),
})
export class Counter extends AggregateRoot<CounterEvent> {
  value = 0;

  static open(id: string, name: string): Counter {
    const counter = new Counter(id);
    counter.apply(new CounterOpened(id, name));
    return counter;
  }

  raise(by: number, highest = Infinity): void {
    if (by === 0) return;
    if (this.value + by > highest) throw new CounterFullError(`${this.id} can't go beyond ${highest}.`);
    this.apply(new CounterRaised(this.id, by));
  }

  protected evolve(event: CounterEvent): void {
    switch (event.type) {
      case 'counters.counter-opened':
        return;
      case 'counters.counter-raised':
        this.value += event.by;
        return;
      default:
        unreachable(event);
    }
  }

  protected override takeSnapshot(): JsonObject {
    return { value: this.value };
  }

  protected override restoreSnapshot({ value }: JsonObject): void {
    if (typeof value !== 'number') throw new Error('This is no counter.');
    this.value = value;
  }
}

@DecisionModel({ events: [CounterOpened] })
export class NameUse {
  private isTaken = false;

  evolve(): void {
    this.isTaken = true;
  }

  refuseTaken(name: string): void {
    if (this.isTaken) throw new NameTakenError(`${name} is taken.`);
  }
}

export class OpenCounterCommand extends Command<{ counterId: string }> {
  constructor(
    readonly counterId: string,
    readonly name: string,
  ) {
    super();
  }
}

export class RaiseCounterCommand extends Command<{ raisedBy: number }> {
  constructor(
    readonly counterId: string,
    readonly by: number,
    readonly highest = Infinity,
  ) {
    super();
  }
}

/** Raises each counter with a separate command. */
export class RaiseAllCommand extends Command<void> {
  constructor(readonly counterIds: readonly string[]) {
    super();
  }
}

@CommandHandler(OpenCounterCommand)
export class OpenCounterHandler implements ICommandHandler<OpenCounterCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ counterId, name }: OpenCounterCommand): Promise<{ counterId: string }> {
    return this.decisions.decide({ use: decisionModel(NameUse, { name }) }, ({ use }, changes) => {
      use.refuseTaken(name);
      changes.create(Counter, Counter.open(counterId, name));
      return { counterId };
    });
  }
}

@CommandHandler(RaiseCounterCommand)
export class RaiseCounterHandler implements ICommandHandler<RaiseCounterCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ counterId, by, highest }: RaiseCounterCommand): Promise<{ raisedBy: number }> {
    return this.aggregates.update(Counter, counterId, (counter) => counter.raise(by, highest), {
      result: { raisedBy: by },
    });
  }
}

@CommandHandler(RaiseAllCommand)
export class RaiseAllHandler implements ICommandHandler<RaiseAllCommand> {
  constructor(private readonly commands: CommandBus) {}

  async execute({ counterIds }: RaiseAllCommand): Promise<void> {
    for (const counterId of counterIds) await this.commands.execute(new RaiseCounterCommand(counterId, 1));
  }
}

export const COUNTER_HANDLERS = [OpenCounterHandler, RaiseCounterHandler, RaiseAllHandler];
