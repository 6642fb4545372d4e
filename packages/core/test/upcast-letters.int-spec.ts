import type { INestApplicationContext } from '@nestjs/common';
import {
  CommandHandler,
  EventsHandler,
  type ICommand,
  type ICommandHandler,
  type IEvent,
  ofType,
  Saga,
} from '@nestjs/cqrs';
import { map, type Observable } from 'rxjs';
import {
  DeadLetters,
  DomainEvent,
  EventLog,
  EventSourcingModule,
  ExpectedError,
  Retry,
  SagaName,
  SideEffect,
  type SideEffectHandler,
  StoredCommand,
} from '../src/index.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/databases.js';
import { bootKernel } from './counters/counter-node.js';
import { eventually } from './support/eventually.js';
import { type Row, runSql } from './support/stored-rows.js';

/** What the handlers of the newer program got. */
const seen: { parcels: object[]; commands: object[] } = { parcels: [], commands: [] };
const LONG = { first: 600_000, longest: 600_000 };

class RefusedError extends ExpectedError {
  readonly code = 'refused';
  readonly kind = 'broken-rule';
}

/** Weights are in kilograms. All handlers fail. */
function earlier() {
  @DomainEvent('parcels.packed', { version: 1 })
  class Packed {
    declare readonly type: 'parcels.packed';
    constructor(
      readonly id: string,
      readonly kilograms: number,
    ) {}
  }
  @StoredCommand('parcels.ship', 1)
  class Ship {
    constructor(readonly kilograms: number) {}
  }
  @CommandHandler(Ship)
  class ShipHandler implements ICommandHandler<Ship> {
    async execute(): Promise<void> {
      throw new RefusedError('no');
    }
  }
  const fail = async (): Promise<void> => {
    throw new Error('no');
  };
  return program(Packed, ({ kilograms }) => new Ship(kilograms), fail, ShipHandler);
}

/** Weights are in grams; upcasters convert what is stored. */
function later() {
  @DomainEvent('parcels.packed', {
    version: 2,
    upcasters: { 1: ({ id, kilograms }) => ({ id, grams: (kilograms as number) * 1_000 }) },
  })
  class Packed {
    declare readonly type: 'parcels.packed';
    constructor(
      readonly id: string,
      readonly grams: number,
    ) {}
  }
  @StoredCommand('parcels.ship', 2, { upcasters: { 1: ({ kilograms }) => ({ grams: (kilograms as number) * 1_000 }) } })
  class Ship {
    constructor(readonly grams: number) {}
  }
  @CommandHandler(Ship)
  class ShipHandler implements ICommandHandler<Ship> {
    async execute({ grams }: Ship): Promise<void> {
      seen.commands.push({ grams });
    }
  }
  const see = async ({ grams }: Packed): Promise<void> => void seen.parcels.push({ grams });
  return program(Packed, ({ grams }) => new Ship(grams), see, ShipHandler);
}

function program<E extends object>(
  Packed: new (...args: never[]) => E,
  ship: (event: E) => ICommand,
  print: (event: E) => Promise<void>,
  ShipHandler: new () => object,
) {
  /** Its events become dead letters at the first failure. */
  @Retry({ attempts: 1 })
  @SideEffect({ name: 'parcels.labels', startAt: 'beginning' })
  @EventsHandler(Packed)
  class Labels implements SideEffectHandler<E> {
    handle = print;
  }
  /** Its events stay parked. */
  @Retry({ attempts: 5, backoff: LONG })
  @SideEffect({ name: 'parcels.invoices', startAt: 'beginning' })
  @EventsHandler(Packed)
  class Invoices implements SideEffectHandler<E> {
    handle = print;
  }
  @SagaName('parcels.shipping', { startAt: 'beginning' })
  class Shipping {
    @Saga()
    ship(events$: Observable<IEvent>): Observable<ICommand> {
      return events$.pipe(
        ofType(Packed as never),
        map((event) => ship(event as E)),
      );
    }
  }
  return {
    imports: [EventSourcingModule.forFeature({ events: [Packed] })],
    providers: [Labels, Invoices, Shipping, ShipHandler],
  };
}

describe('what failed in an earlier version of the program', () => {
  let database: TestDatabase;
  let app: INestApplicationContext | undefined;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
  });

  afterAll(async () => {
    await app?.close();
    await database.drop();
  });

  it('is retried as upcasters convert it: a dead letter, a parked event, and a command', async () => {
    app = await bootKernel(database, {}, earlier());
    const data = { id: '1', kilograms: 3 };
    await app
      .get(EventLog)
      .append([{ stream: 'parcel-1', expected: 'any', events: [{ type: 'parcels.packed', data }] }]);
    const letters = () => app!.get(DeadLetters).list(undefined, 10);
    await eventually(async () =>
      expect(new Set((await letters()).map(({ kind }) => kind))).toEqual(new Set(['event', 'command'])),
    );
    await eventually(async () => expect(await retrying(database)).toHaveLength(1));
    await app.close();

    app = await bootKernel(database, {}, later());
    for (const { id } of await letters()) await app.get(DeadLetters).retry(id);
    await eventually(async () => expect(await letters()).toEqual([]));
    await eventually(() => expect(seen).toEqual({ parcels: [{ grams: 3_000 }], commands: [{ grams: 3_000 }] }));

    // The other side effect has its event parked until it is due.
    await app.close();
    await makeDue(database);
    app = await bootKernel(database, {}, later());
    await eventually(() => expect(seen.parcels).toEqual([{ grams: 3_000 }, { grams: 3_000 }]));
  });
});

/** Events that are parked and wait for their next attempt. */
function retrying({ url }: TestDatabase): Promise<Row[]> {
  return runSql(url, `select position from leftfold_parked_events where state = 'retrying'`);
}

async function makeDue({ url }: TestDatabase): Promise<void> {
  await runSql(url, `update leftfold_parked_events set due_at = 0 where state = 'retrying'`);
}
