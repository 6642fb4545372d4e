import type { ModuleMetadata, Provider } from '@nestjs/common';
import { CommandHandler, EventsHandler, QueryHandler } from '@nestjs/cqrs';
import { AggregateRepository, DomainEvent, EventSourcingModule, MessageContext, Projection } from '../src/index.js';
import { SubscriptionRegistry } from '../src/subscriptions/subscription-registry.js';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { alarm, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNode } from './counters/counter-node.js';
import { lowered, open, raise, undisturbed } from './counters/counter-nodes.js';
import { LevellingSaga, LowerCounterHandler, lowerIt, reaction } from './counters/counter-saga.js';

class Ask {}

@QueryHandler(Ask)
class AskHandler {
  async execute(): Promise<string> {
    return 'answered';
  }
}

class Unstored {}

@CommandHandler(Unstored)
class UnstoredHandler {
  async execute(): Promise<string> {
    return 'done';
  }
}

const NEEDS = [AggregateRepository, MessageContext];
const lowerHandler = (...needs: ConstructorParameters<typeof LowerCounterHandler>) => new LowerCounterHandler(...needs);

describe('handlers and sagas', () => {
  let database: TestDatabase;
  let node: CounterNode;

  beforeEach(async () => {
    undisturbed();
    database = await createTestDatabase('sqlite');
  });

  afterEach(async () => {
    await node.stop();
    await database.drop();
  });

  it.each<[string, Provider[]]>([
    [
      'a factory',
      [
        { provide: CounterAlarm, useFactory: () => new CounterAlarm() },
        { provide: LevellingSaga, useFactory: async () => new LevellingSaga() },
        { provide: LowerCounterHandler, inject: NEEDS, useFactory: lowerHandler },
        { provide: AskHandler, useFactory: () => new AskHandler() },
        { provide: UnstoredHandler, useFactory: () => new UnstoredHandler() },
      ],
    ],
    [
      'a class under another token',
      [
        { provide: 'alarm', useClass: CounterAlarm },
        { provide: 'saga', useClass: LevellingSaga },
        { provide: 'lower', useClass: LowerCounterHandler },
        { provide: 'ask', useClass: AskHandler },
        { provide: 'unstored', useClass: UnstoredHandler },
      ],
    ],
    [
      'useExisting, and are called only once',
      [CounterAlarm, LevellingSaga, LowerCounterHandler, AskHandler, UnstoredHandler].flatMap((each): Provider[] => [
        each,
        { provide: `another ${each.name}`, useExisting: each },
      ]),
    ],
    [
      'a value, which Nest itself does not accept for commands and queries',
      [
        { provide: CounterAlarm, useValue: new CounterAlarm() },
        { provide: LevellingSaga, useValue: new LevellingSaga() },
        LowerCounterHandler,
        AskHandler,
        UnstoredHandler,
      ],
    ],
  ])('can be provided by %s', async (_what, providers) => {
    node = await CounterNode.start(database, {}, { providers });
    reaction.to = lowerIt;
    const id = await open(node);
    const position = await raise(node, id, 3);

    await eventually(async () => expect(await lowered(node, id)).toEqual([3]));
    await eventually(() => expect(alarm.calls.map((call) => call.position)).toEqual([position, position + 1]));
    expect(await node.queries.execute(new Ask())).toBe('answered');
    expect(await node.commands.execute(new Unstored())).toBe('done');
  });

  it('for an event class also receive its subclasses, even if another feature handles those', async () => {
    class ParcelMoved {}
    class ParcelReturned extends ParcelMoved {}
    // Without the types of their stored names, which can't be equal.
    DomainEvent('parcels.parcel-moved')(ParcelMoved as never);
    DomainEvent('parcels.parcel-returned')(ParcelReturned as never);
    @Projection({ name: 'parcels.moves', entities: [] })
    @EventsHandler(ParcelMoved)
    class Moves {
      handle(): void {}
    }
    const parcels: ModuleMetadata = {
      imports: [EventSourcingModule.forFeature({ events: [ParcelMoved, ParcelReturned] })],
      providers: [Moves],
    };
    const typesOf = (name: string) => node.get(SubscriptionRegistry).find(name)!.types;
    node = await CounterNode.start(database, {}, parcels);
    expect(typesOf('parcels.moves')).toEqual(['parcels.parcel-moved', 'parcels.parcel-returned']);
    await node.stop();

    // The decorator gives the derived class an id of its own.
    @Projection({ name: 'parcels.returns', entities: [] })
    @EventsHandler(ParcelReturned)
    class Returns {
      handle(): void {}
    }
    node = await CounterNode.start(database, {}, { ...parcels, providers: [Moves, Returns] });

    expect(typesOf('parcels.moves')).toEqual(['parcels.parcel-moved', 'parcels.parcel-returned']);
    expect(typesOf('parcels.returns')).toEqual(['parcels.parcel-returned']);
    expect(await node.status('parcels.moves')).toMatchObject({ rebuild: null });
  });
});
