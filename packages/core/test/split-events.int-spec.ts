import {
  CommandHandler,
  EventBus,
  EventsHandler,
  type ICommand,
  type ICommandHandler,
  type IEvent,
  ofType,
  Saga,
} from '@nestjs/cqrs';
import { map, type Observable } from 'rxjs';
import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  type EventContext,
  EventLog,
  EventSourcingModule,
  ExpectedError,
  MessageContext,
  Projection,
  type ProjectionHandler,
  SagaName,
  SideEffect,
  type SideEffectHandler,
  StoredCommand,
  StreamHistory,
} from '../src/index.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/databases.js';
import { eventually } from './support/eventually.js';
import { commandIdOf } from '../src/sagas/command-id.js';
import { CounterView, CreateCounterView1750000900000 } from './counters/counter-view.js';
import { bootKernel } from './counters/counter-node.js';

/** Version 1 held all parcels of a box. */
@DomainEvent('boxes.parcel-packed', {
  version: 2,
  upcasters: {
    1: ({ boxId, parcelIds }) => (parcelIds as string[]).map((parcelId) => ({ boxId, parcelId })),
  },
})
class ParcelPacked {
  declare readonly type: 'boxes.parcel-packed';
  constructor(
    readonly boxId: string,
    readonly parcelId: string,
  ) {}
}

class BoxNotFoundError extends ExpectedError {
  readonly code = 'box-not-found';
  readonly kind = 'not-found';
}

@Aggregate({
  category: 'box',
  events: [ParcelPacked],
  notFound: (id) => new BoxNotFoundError(`There is no box ${id}.`),
})
class Box extends AggregateRoot<ParcelPacked> {
  readonly parcelIds: string[] = [];

  protected evolve({ parcelId }: ParcelPacked): void {
    this.parcelIds.push(parcelId);
  }
}

@DecisionModel({ events: [ParcelPacked] })
class Parcels {
  readonly parcelIds: string[] = [];

  evolve({ parcelId }: ParcelPacked): void {
    this.parcelIds.push(parcelId);
  }
}

type Call = readonly [parcelId: string, part: number, position: number];
const projected: Call[] = [];
const sent: Call[] = [];
const executed: [parcelId: string, commandId: string][] = [];
/** Fails at the second part, once. */
let failure: Error | undefined;

@Projection({ name: 'boxes.view', entities: [CounterView] })
@EventsHandler(ParcelPacked)
class BoxProjection implements ProjectionHandler<ParcelPacked> {
  handle({ parcelId }: ParcelPacked, { part, position }: EventContext): void {
    projected.push([parcelId, part, position]);
  }
}

@SideEffect({ name: 'boxes.labels', startAt: 'beginning' })
@EventsHandler(ParcelPacked)
class LabelPrinter implements SideEffectHandler<ParcelPacked> {
  async handle({ parcelId }: ParcelPacked, { part, position }: EventContext): Promise<void> {
    sent.push([parcelId, part, position]);
    if (part === 0 || !failure) return;
    const thrown = failure;
    failure = undefined;
    throw thrown;
  }
}

@StoredCommand('boxes.ship', 1)
class ShipCommand {
  constructor(readonly parcelId: string) {}
}

@CommandHandler(ShipCommand)
class ShipHandler implements ICommandHandler<ShipCommand> {
  constructor(private readonly context: MessageContext) {}

  async execute({ parcelId }: ShipCommand): Promise<void> {
    executed.push([parcelId, this.context.command!.commandId!]);
  }
}

@SagaName('boxes.shipping', { startAt: 'beginning' })
class ShippingSaga {
  @Saga()
  shipWhenPacked(events$: Observable<IEvent>): Observable<ICommand> {
    return events$.pipe(
      ofType(ParcelPacked),
      map(({ parcelId }) => new ShipCommand(parcelId)),
    );
  }
}

describe('an event that an upcaster splits', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof bootKernel>>;
  const live: string[] = [];
  const eventId = '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071';
  const parts: Call[] = [
    ['a', 0, 1],
    ['b', 1, 1],
    ['c', 0, 2],
  ];

  beforeAll(async () => {
    failure = new Error('The printer has no paper.');
    database = await createTestDatabase('sqlite');
    app = await bootKernel(
      database,
      {},
      {
        imports: [
          EventSourcingModule.forFeature({
            aggregates: [Box],
            decisionModels: [Parcels],
            readModels: [CounterView],
            migrations: { views: [CreateCounterView1750000900000] },
          }),
        ],
        providers: [BoxProjection, LabelPrinter, ShipHandler, ShippingSaga],
      },
    );
    app.get(EventBus).subscribe((event) => void live.push((event as ParcelPacked).parcelId));
    const type = 'boxes.parcel-packed';
    await app.get(EventLog).append([
      {
        stream: 'box-1',
        expected: 'no-stream',
        events: [
          { eventId, type, data: { boxId: '1', parcelIds: ['a', 'b'] } },
          { type, schemaVersion: 2, data: { boxId: '1', parcelId: 'c' } },
        ],
      },
    ]);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is several events to an aggregate, whose version counts it once', async () => {
    expect(await app.get(AggregateRepository).load(Box, '1')).toMatchObject({ parcelIds: ['a', 'b', 'c'], version: 2 });
    expect(await app.get(AggregateRepository).load(Box, '1', { version: 1 })).toMatchObject({ parcelIds: ['a', 'b'] });
  });

  it('is several events to a decision model, and to folds of history', async () => {
    const read = { parcels: decisionModel(Parcels) };
    expect(await app.get(Decisions).decide(read, ({ parcels }) => parcels.parcelIds)).toEqual(['a', 'b', 'c']);
    const history = app.get(StreamHistory);
    const collect = (ids: string[] | undefined, event: ParcelPacked): string[] => [...(ids ?? []), event.parcelId];
    expect(await history.fold(Box, '1', {}, collect)).toEqual(['a', 'b', 'c']);
    const visited: unknown[] = [];
    await history.replay<ParcelPacked>(Box, '1', {}, (event, { version }) => visited.push([event?.parcelId, version]));
    expect(visited).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('reaches projections and observers part by part', async () => {
    await eventually(() => expect(projected).toEqual(parts));
    await eventually(() => expect(live).toEqual(['a', 'b', 'c']));
  });

  it('is repeated as a whole to a side effect that failed on a part of it', async () => {
    await eventually(() => expect(sent).toHaveLength(5));
    // What comes later in the stream waits for it.
    expect(sent).toEqual([...parts.slice(0, 2), ...parts]);
  });

  it('makes a saga emit commands with ids of their own', async () => {
    await eventually(() => expect(executed).toHaveLength(3));
    const method = 'shipWhenPacked';
    expect(executed.slice(0, 2)).toEqual([
      ['a', commandIdOf('boxes.shipping', { method }, eventId, 0)],
      ['b', commandIdOf('boxes.shipping', { method, part: 1 }, eventId, 0)],
    ]);
    expect(new Set(executed.map(([, id]) => id)).size).toBe(3);
  });
});
