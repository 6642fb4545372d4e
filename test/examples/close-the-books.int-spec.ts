import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  EventLog,
  EventSourcingModule,
  type RecordedEvent,
  StreamClosedError,
} from '@leftfold/core';
import { bootKernel } from '../../packages/core/test/counters/counter-node.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';

@DomainEvent('accounts.amount-booked', {
  tags: ({ accountId, year }: AmountBooked) => ({ book: `${accountId}/${year}` }),
})
class AmountBooked {
  declare readonly type: 'accounts.amount-booked';
  constructor(
    readonly accountId: string,
    readonly year: number,
    readonly amount: number,
  ) {}
}

@DomainEvent('accounts.books-closed', {
  closes: true,
  tags: ({ accountId, year }: BooksClosed) => ({ book: `${accountId}/${year}` }),
})
class BooksClosed {
  declare readonly type: 'accounts.books-closed';
  constructor(
    readonly accountId: string,
    readonly year: number,
    readonly balance: number,
  ) {}
}

/** The summary with which a year begins. */
@DomainEvent('accounts.balance-carried', {
  tags: ({ accountId, year }: BalanceCarried) => ({ book: `${accountId}/${year}` }),
})
class BalanceCarried {
  declare readonly type: 'accounts.balance-carried';
  constructor(
    readonly accountId: string,
    readonly year: number,
    readonly balance: number,
  ) {}
}

/** One account in one year. It reads the summary, and nothing of earlier years. */
@DecisionModel({ events: [AmountBooked, BooksClosed, BalanceCarried] })
class Book {
  balance = 0;
  isClosed = false;

  static of = (accountId: string, year: number) => decisionModel(Book, { book: `${accountId}/${year}` });

  evolve(event: AmountBooked | BooksClosed | BalanceCarried): void {
    if (event.type === 'accounts.amount-booked') this.balance += event.amount;
    if (event.type === 'accounts.balance-carried') this.balance = event.balance;
    if (event.type === 'accounts.books-closed') this.isClosed = true;
  }
}

const streamOf = (accountId: string, year: number): string => `account-${accountId}/${year}`;

/** Closes a year and begins the next one, in one append. A repeat does nothing. */
function closeTheBooks(decisions: Decisions, accountId: string, year: number): Promise<{ balance: number }> {
  return decisions.decide({ book: Book.of(accountId, year) }, ({ book: { balance, isClosed } }, changes) => {
    if (!isClosed) {
      changes.append(streamOf(accountId, year), new BooksClosed(accountId, year, balance));
      changes.append(streamOf(accountId, year + 1), new BalanceCarried(accountId, year + 1, balance));
    }
    return { balance };
  });
}

describe('closing the books', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof bootKernel>>;
  let decisions: Decisions;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const feature = { events: [AmountBooked, BooksClosed, BalanceCarried], decisionModels: [Book] };
    app = await bootKernel(database, {}, { imports: [EventSourcingModule.forFeature(feature)] });
    decisions = app.get(Decisions);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const book = (year: number, amount: number): Promise<void> =>
    decisions.decide({}, (_, changes) => changes.append(streamOf('7', year), new AmountBooked('7', year, amount)));
  const eventsOf = async (year: number): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of app.get(EventLog).readStream(streamOf('7', year))) events.push(event);
    return events;
  };

  it('carries the balance into the next stream, and refuses further events in the old one', async () => {
    await book(2025, 30);
    await book(2025, 12);

    const closed = await Promise.all([closeTheBooks(decisions, '7', 2025), closeTheBooks(decisions, '7', 2025)]);

    expect(closed).toEqual([{ balance: 42 }, { balance: 42 }]);
    const [late, closing] = [book(2025, 5), (await eventsOf(2025)).at(-1)!];
    await expect(late).rejects.toThrow(StreamClosedError);
    await expect(late).rejects.toMatchObject({
      code: 'stream-closed',
      kind: 'broken-rule',
      position: closing.position,
    });
    await book(2026, 8);
    const next = await eventsOf(2026);
    expect(next.map(({ type }) => type)).toEqual(['accounts.balance-carried', 'accounts.amount-booked']);
    expect(next[0]!.position).toBe(closing.position + 1);
    expect(await closeTheBooks(decisions, '7', 2026)).toEqual({ balance: 50 });
  });
});
