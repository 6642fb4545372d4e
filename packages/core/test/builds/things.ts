import type { ModuleMetadata } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';
import {
  DomainEvent,
  type EventClass,
  type EventContext,
  type EventLog,
  EventSourcingModule,
  InjectReadModel,
  Projection,
  type ProjectionHandler,
  ReadModel,
  SideEffect,
  type SideEffectHandler,
} from '../../src/index.js';
import { CreateTally1750000900001, Tally } from '../counters/tally.js';

export const EFFECT = 'things.effect';
export const SHARED = 'things.shared';
export const VIEW = 'things.view';
export const MADE = 'things.thing-made';

@DomainEvent(MADE)
export class ThingMade {
  declare readonly type: typeof MADE;
  constructor(readonly id: string) {}
}

/** A call of a side effect. */
export interface Handled {
  readonly name: string;
  readonly position: number;
  readonly type: string;
}

/**
 * A build of a small application: two side effects and a read model.
 * @param events those that it knows
 */
export function things(events: readonly EventClass[], note: (handled: Handled) => void): ModuleMetadata {
  @SideEffect({ name: EFFECT, startAt: 'beginning', partitioned: false })
  @EventsHandler(...events)
  class Effect implements SideEffectHandler<ThingMade> {
    async handle({ type }: ThingMade, { position }: EventContext): Promise<void> {
      note({ name: EFFECT, position, type });
    }
  }

  @SideEffect({ name: SHARED, startAt: 'beginning' })
  @EventsHandler(...events)
  class Shared implements SideEffectHandler<ThingMade> {
    async handle({ type }: ThingMade, { position }: EventContext): Promise<void> {
      note({ name: SHARED, position, type });
    }
  }

  @Projection({ name: VIEW, entities: [Tally] })
  @EventsHandler(...events)
  class View implements ProjectionHandler<ThingMade> {
    constructor(@InjectReadModel(Tally) private readonly rows: ReadModel<Tally>) {}

    async handle({ id }: ThingMade): Promise<void> {
      const row = await this.rows.get(id);
      this.rows.save({ counterId: id, raises: (row?.raises ?? 0) + 1 });
    }
  }
  return {
    imports: [
      EventSourcingModule.forFeature({
        events,
        readModels: [Tally],
        migrations: { views: [CreateTally1750000900001] },
      }),
    ],
    providers: [Effect, Shared, View],
  };
}

/** @returns its position */
export async function storeThing(log: EventLog, id: string, type: string): Promise<number> {
  const { position } = await log.append([{ stream: `thing-${id}`, expected: 'any', events: [{ type, data: { id } }] }]);
  return position;
}
