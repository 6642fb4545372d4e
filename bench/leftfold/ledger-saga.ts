import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DomainEvent,
  EventSourcingModule,
  ExpectedError,
  SagaName,
  StoredCommand,
} from '@leftfold/core';
import type { ModuleMetadata } from '@nestjs/common';
import { Command, CommandHandler, type ICommand, type ICommandHandler, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { map, type Observable } from 'rxjs';
import { PaymentBooked } from './account.js';

@DomainEvent('ledger.line-noted')
export class LineNoted {
  declare readonly type: 'ledger.line-noted';
  constructor(
    readonly accountId: string,
    readonly amount: number,
    readonly bookedAt: string,
  ) {}
}

class LineNotFoundError extends ExpectedError {
  readonly code = 'line-not-found';
  readonly kind = 'not-found';
}

@Aggregate({
  category: 'line',
  events: [LineNoted],
  notFound: (id) => new LineNotFoundError(`There is no line ${id}.`),
})
export class Line extends AggregateRoot<LineNoted> {
  static note(id: string, { accountId, amount, bookedAt }: NoteLineCommand): Line {
    const line = new Line(id);
    line.apply(new LineNoted(accountId, amount, bookedAt));
    return line;
  }

  protected evolve(): void {
    // There is nothing to decide on a line that is noted.
  }
}

@StoredCommand('ledger.note-line', 1)
export class NoteLineCommand extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly amount: number,
    readonly bookedAt: string,
  ) {
    super();
  }
}

@CommandHandler(NoteLineCommand)
class NoteLineHandler implements ICommandHandler<NoteLineCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  /** The time of booking differs for each payment of an account, so the id is the payment's own. */
  async execute(command: NoteLineCommand): Promise<void> {
    await this.aggregates.create(Line, Line.note(`${command.accountId}.${Date.parse(command.bookedAt)}`, command));
  }
}

export const LEDGER_SAGA = 'bench.ledger';

@SagaName(LEDGER_SAGA)
class LedgerSaga {
  @Saga()
  noteWhenBooked = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(PaymentBooked),
      map(({ accountId, amount, bookedAt }) => new NoteLineCommand(accountId, amount, bookedAt)),
    );
}

/** A line in the ledger for every payment. */
export const LEDGER: ModuleMetadata = {
  imports: [EventSourcingModule.forFeature({ aggregates: [Line] })],
  providers: [LedgerSaga, NoteLineHandler],
};
