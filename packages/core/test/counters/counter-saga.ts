import { Command, CommandHandler, type ICommand, type ICommandHandler, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { filter, mergeMap, type Observable, of } from 'rxjs';
import { AggregateRepository, MessageContext, Retry, SagaName, StoredCommand } from '../../src/index.js';
import { Counter, CounterRaised } from './counter.js';

/** Lowers a counter by the amount that it was raised by. */
@StoredCommand('counters.lower-counter', 1)
export class LowerCounterCommand extends Command<{ loweredBy: number }> {
  constructor(
    readonly counterId: string,
    readonly by: number,
  ) {
    super();
  }
}

export interface Execution {
  readonly counterId: string;
  readonly by: number;
  readonly commandId: string;
  /** The handler instance, which shows the node that it ran on. */
  readonly handler: LowerCounterHandler;
}

/** Executed commands, and a hook that runs before each; tests inject faults there. */
export const lowering: { executions: Execution[]; before: (execution: Execution) => void | Promise<void> } = {
  executions: [],
  before: () => undefined,
};

@CommandHandler(LowerCounterCommand)
export class LowerCounterHandler implements ICommandHandler<LowerCounterCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly context: MessageContext,
  ) {}

  async execute({ counterId, by }: LowerCounterCommand): Promise<{ loweredBy: number }> {
    const execution = { counterId, by, commandId: this.context.command!.commandId!, handler: this };
    await lowering.before(execution);
    lowering.executions.push(execution);
    return this.aggregates.update(Counter, counterId, (counter) => counter.raise(-by), { result: { loweredBy: by } });
  }
}

/** What the saga emits for a raised counter; tests replace it. */
export const reaction: { to: (event: CounterRaised) => Observable<ICommand> } = { to: () => of() };

export const lowerIt = ({ counterId, by }: CounterRaised): Observable<ICommand> =>
  of(new LowerCounterCommand(counterId, by));

export const LEVELLING = 'counters.levelling';

/** Lowers a counter by each amount that it was raised by. */
@Retry({ attempts: 3, backoff: { first: 20, longest: 80 }, deaths: 3 })
@SagaName(LEVELLING)
export class LevellingSaga {
  @Saga()
  lowerWhenRaised(events$: Observable<IEvent>): Observable<ICommand> {
    return events$.pipe(
      ofType(CounterRaised),
      filter(({ by }) => by > 0),
      mergeMap((event) => reaction.to(event)),
    );
  }
}

export const LEVELLING_PROVIDERS = [LevellingSaga, LowerCounterHandler];
