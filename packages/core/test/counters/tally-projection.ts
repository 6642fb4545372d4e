import type { ModuleMetadata, Type } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';
import {
  type EventContext,
  EventSourcingModule,
  InjectReadModel,
  Projection,
  type ProjectionHandler,
  ReadModel,
  Retry,
} from '../../src/index.js';
import type { RowClass } from '../../src/read-models/row.js';
import { type CounterEvent, CounterRaised } from './counter.js';
import { CreateTally1750000900001, Tally } from './tally.js';

export const TALLY = 'counters.tally';

export interface TallyOptions {
  readonly name?: string;
  /** Entities besides tallies. */
  readonly entities?: readonly RowClass[];
  readonly version?: number;
  readonly events?: readonly Type<CounterEvent>[];
  /** The weight of an event; 1 when left out. */
  readonly weigh?: (event: CounterEvent, context: EventContext, tallies: ReadModel<Tally>) => Promise<number> | number;
}

/** A version of the projection `counters.tally`; a later deployment may count differently. */
export function tallies({
  name = TALLY,
  entities = [],
  version = 1,
  events = [CounterRaised],
  weigh = () => 1,
}: TallyOptions = {}): ModuleMetadata {
  @Retry({ attempts: 3, backoff: { first: 5, longest: 20 } })
  @Projection({ name, version, entities: [Tally, ...entities] })
  @EventsHandler(...events)
  class TallyProjection implements ProjectionHandler<CounterEvent> {
    constructor(@InjectReadModel(Tally) private readonly rows: ReadModel<Tally>) {}

    async handle(event: CounterEvent, context: EventContext): Promise<void> {
      const weight = await weigh(event, context, this.rows);
      const tally = await this.rows.get(event.counterId);
      this.rows.save({ counterId: event.counterId, raises: (tally?.raises ?? 0) + weight });
    }
  }
  return {
    imports: [
      EventSourcingModule.forFeature({
        readModels: [Tally, ...entities],
        migrations: { views: [CreateTally1750000900001] },
      }),
    ],
    providers: [TallyProjection],
  };
}
