import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable, Module, type ModuleMetadata, Scope } from '@nestjs/common';
import { CommandHandler, CqrsModule, EventBus, EventsHandler, Saga } from '@nestjs/cqrs';
import type { Observable } from 'rxjs';
import { Entity, PrimaryColumn } from 'typeorm';
import {
  Aggregate,
  AggregateRoot,
  DomainEvent,
  EventSourcingModule,
  Inbox,
  Projection,
  SagaName,
  SideEffect,
  StoredCommand,
  unreachable,
} from '../src/index.js';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';
import { bootKernel, CounterNode } from './counters/counter-node.js';
import { COUNTER_EVENTS, Counter, CounterOpened } from './counters/counter.js';
import { CounterView } from './counters/counter-view.js';

@DomainEvent('counters.counter-opened')
class Impostor {
  declare readonly type: 'counters.counter-opened';
}

@DomainEvent('counters.counter-closed')
class CounterClosed {
  declare readonly type: 'counters.counter-closed';
}

@Aggregate({ category: 'gate', events: [CounterOpened, CounterClosed], notFound: () => new Error('no gate') })
class ForgetfulGate extends AggregateRoot<CounterOpened | CounterClosed> {
  protected evolve(event: CounterOpened | CounterClosed): void {
    // The compiler refuses this without the cast. JavaScript, or a wrong cast, can get here.
    if (event.type !== 'counters.counter-opened') unreachable(event as never);
  }
}

@Aggregate({ category: 'counter', events: COUNTER_EVENTS, notFound: () => new Error('no counter') })
class SecondCounter extends Counter {}

@EventsHandler(CounterOpened)
class BareHandler {
  handle(): void {}
}

@SideEffect({ name: 'counters.counter-view' })
@EventsHandler(CounterOpened)
class SameName {
  handle(): void {}
}

@Projection({ name: 'counters.other', entities: [CounterView] })
@EventsHandler(CounterOpened)
class SameEntity {
  handle(): void {}
}

@SideEffect({ name: 'counters.both' })
@Projection({ name: 'counters.both', entities: [] })
@EventsHandler(CounterOpened)
class TwoKinds {
  handle(): void {}
}

@Projection({ name: 'counters.unknown', entities: [] })
@EventsHandler(CounterClosed)
class UnknownEvent {
  handle(): void {}
}

@Projection({ name: 'counters.scoped', entities: [] })
@EventsHandler(CounterOpened)
@Injectable({ scope: Scope.REQUEST })
class RequestScoped {
  handle(): void {}
}

@StoredCommand('counters.close-counter', 1)
class CloseCounter {}

@CommandHandler(CloseCounter)
class CloseCounterHandler {
  async execute(): Promise<void> {}
}

@StoredCommand('counters.close-counter', 1)
class ShutCounter {}

@CommandHandler(ShutCounter)
class ShutCounterHandler {
  async execute(): Promise<void> {}
}

class WithoutEntity {
  id: string;
}

@Entity('unlisted')
class Unlisted {
  @PrimaryColumn({ type: 'text' })
  id: string;
}

@Projection({ name: 'counters.unlisted', entities: [Unlisted] })
@EventsHandler(CounterOpened)
class WritesUnlisted {
  handle(): void {}
}

@Projection({ name: 'counters.deaf', entities: [] })
class DeafProjection {
  handle(): void {}
}

@SideEffect({ name: 'counters.deaf' })
class DeafSideEffect {
  handle(): void {}
}

@SagaName('counters.deaf')
class DeafSaga {
  react(events$: Observable<object>): Observable<object> {
    return events$;
  }
}

@SideEffect({ name: 'counters.idle' })
@EventsHandler(CounterOpened)
class WithoutHandle {
  handel(): void {}
}

class NamelessSaga {
  @Saga()
  react(events$: Observable<object>): Observable<object> {
    return events$;
  }
}

@SagaName('counters.counter-view')
class SagaOfSameName extends NamelessSaga {}

@SagaName('counters.scoped')
@Injectable({ scope: Scope.REQUEST })
class RequestScopedSaga extends NamelessSaga {}

@SagaName('counters.listless')
class ListlessSaga {
  @Saga()
  readonly react = 'nothing';
}

/** A module that adds message handlers of these names. */
function handlersNamed(...names: readonly string[]): ModuleMetadata {
  class Handlers {
    @Inject(Inbox) private readonly inbox: Inbox;

    onModuleInit(): void {
      for (const name of names) this.inbox.add(Handlers, { name, read: () => neverReads() });
    }
  }
  return { providers: [Handlers] };
}

function neverReads(): never {
  throw new Error('No message comes.');
}

@Module({ imports: [CqrsModule] })
class OldHabitModule {}

describe('a program with a wrong setup', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
  });

  afterAll(() => database.drop());

  const wrongs: [string, ModuleMetadata, RegExp][] = [
    [
      'two classes with one stored name',
      { imports: [EventSourcingModule.forFeature({ events: [Impostor] })] },
      /CounterOpened and Impostor both have the stored name "counters.counter-opened".*Give one of them another name/,
    ],
    [
      'an aggregate that cannot apply one of its events',
      { imports: [EventSourcingModule.forFeature({ aggregates: [ForgetfulGate] })] },
      /ForgetfulGate lists CounterClosed .*can't apply it.*Add a case to its evolve/,
    ],
    [
      'two aggregates of one category',
      { imports: [EventSourcingModule.forFeature({ aggregates: [SecondCounter] })] },
      /both have the category "counter"/,
    ],
    ['an @EventsHandler without a kind', { providers: [BareHandler] }, /BareHandler .*Add @Projection.*or @SideEffect/],
    [
      'two subscriptions of one name',
      { providers: [SameName] },
      /Two subscriptions are named "counters.counter-view".*Give it another name/,
    ],
    [
      'a handler of two kinds',
      { providers: [TwoKinds] },
      /TwoKinds has both @Projection and @SideEffect. Make two classes of it/,
    ],
    ['an entity that two projections write', { providers: [SameEntity] }, /CounterView.* owns.*entities of its own/],
    [
      'an entity that no feature lists',
      { providers: [WritesUnlisted] },
      /The projection "counters.unlisted" writes Unlisted, which no feature lists. Add it to readModels/,
    ],
    [
      'a read model without @Entity',
      { imports: [EventSourcingModule.forFeature({ readModels: [WithoutEntity] })] },
      /The read model WithoutEntity has no @Entity. Add it./,
    ],
    [
      'a handler of an event that is not registered',
      { providers: [UnknownEvent] },
      /UnknownEvent handles CounterClosed, an event class that is not registered. Add it/,
    ],
    [
      'a projection without @EventsHandler',
      { providers: [DeafProjection] },
      /DeafProjection has @Projection and no @EventsHandler.*Add @EventsHandler/,
    ],
    [
      'a side effect without @EventsHandler',
      { providers: [DeafSideEffect] },
      /DeafSideEffect has @SideEffect and no @EventsHandler.*Add @EventsHandler/,
    ],
    ['a saga without @Saga', { providers: [DeafSaga] }, /DeafSaga has @SagaName and no @Saga.*Put @Saga\(\)/],
    ['a handler without handle', { providers: [WithoutHandle] }, /WithoutHandle .*no method handle\(event, context\)/],
    ['a request-scoped handler', { providers: [RequestScoped] }, /RequestScoped is request-scoped.*singleton/],
    ['a saga without a name', { providers: [NamelessSaga] }, /NamelessSaga has a @Saga but no name.*Put @SagaName/],
    [
      'a saga with a name that is taken',
      { providers: [SagaOfSameName] },
      /Two subscriptions are named "counters.counter-view"; one is SagaOfSameName. Give it another name/,
    ],
    ['a request-scoped saga', { providers: [RequestScopedSaga] }, /RequestScopedSaga is request-scoped.*singleton/],
    ['a saga that is no method', { providers: [ListlessSaga] }, /ListlessSaga.react has a @Saga and is no method/],
    [
      'two commands of one stored name',
      { providers: [CloseCounterHandler, ShutCounterHandler] },
      /CloseCounter and ShutCounter both have the stored name "counters.close-counter".*another name/,
    ],
    [
      'two message handlers of one name',
      handlersNamed('counters.raise', 'counters.raise'),
      /Two message handlers are named "counters.raise". Give one of them another name/,
    ],
    [
      'a message handler with the name of a subscription',
      handlersNamed('counters.counter-view'),
      /A message handler, and a subscription or a recurring job, are named "counters.counter-view"/,
    ],
    [
      'a message handler with a name of another form',
      handlersNamed('Raise'),
      /A message handler is named "Raise". Write '<feature>.<what-it-does>'/,
    ],
    [
      'a second CqrsModule',
      { imports: [OldHabitModule] },
      /CqrsModule is imported a second time \(look at OldHabitModule\)/,
    ],
  ];

  it.each(wrongs)('does not start with %s, and says what to do', async (_what, feature, sentence) => {
    await expect(CounterNode.start(database, {}, feature)).rejects.toMatchObject({
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('does not start with an event class that has no stored name', async () => {
    class Nameless {}
    const feature = { imports: [EventSourcingModule.forFeature({ events: [Nameless] })] };
    await expect(bootKernel(database, {}, feature)).rejects.toMatchObject({
      message: expect.stringContaining('Nameless has no stored name. Put @DomainEvent') as string,
    });
  });

  it('leaves no database open when it does not start', async () => {
    const postgres = await createTestDatabase('postgres');
    const ours = `select pid from pg_stat_activity where datname = current_database() and application_name = 'leftfold'`;

    for (const each of [database, postgres]) {
      await expect(CounterNode.start(each, {}, { providers: [BareHandler] })).rejects.toThrow('BareHandler');
      const views = `sqlite:${database.folder}`;
      await expect(CounterNode.start({ ...each, viewsUrl: views })).rejects.toMatchObject({ database: 'views' });
    }

    // SQLite removes it when the last connection closes.
    expect(existsSync(join(database.folder, 'events.sqlite-wal'))).toBe(false);
    await eventually(async () => expect(await runSql(postgres.url, ours)).toEqual([]));
    await postgres.drop();
  });

  it('starts without these mistakes, and refuses to publish events directly', async () => {
    const node = await CounterNode.start(database);
    expect(() => node.get(EventBus).publish(new CounterOpened('1', 'x'))).toThrow('AggregateRepository');
    expect(() => node.get(EventBus).publishAll([])).toThrow('AggregateRepository');
    await node.stop();
  });
});
