import { EventsHandler } from '@nestjs/cqrs';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import {
  type EventContext,
  EventSourcingModule,
  InjectReadModel,
  Projection,
  type ProjectionHandler,
  ReadModel,
  Retry,
} from '../../src/index.js';
import { CounterRaised } from '../counters/counter.js';

export const SHARED_VIEW = 'counters.shared-view';
/** The projection fails at a counter that is raised by so much. */
export const FAILING = 13;
/** The projection fails at a row with this position, which no event has. */
export const DAMAGED = -1;

@Entity('shared_view')
export class SharedView {
  @PrimaryColumn({ name: 'counter_id', type: 'text' })
  counterId: string;

  /** Positions of all applied events, in order, so that a duplicate or a gap shows. */
  @Column({ type: 'simple-json' })
  applied: number[];
}

class CreateSharedView1750000900000 implements MigrationInterface {
  readonly name = 'CreateSharedView1750000900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table shared_view (counter_id text primary key not null, applied text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shared_view');
  }
}

/** A read model whose streams several nodes share. */
@Retry({ attempts: 2, backoff: { first: 5, longest: 5 } })
@Projection({ name: SHARED_VIEW, entities: [SharedView], partitioned: true })
@EventsHandler(CounterRaised)
export class SharedViewProjection implements ProjectionHandler<CounterRaised> {
  /** Streams by the handler instance, which shows the node that it ran on. */
  static readonly streams = new Map<SharedViewProjection, Set<string>>();

  constructor(@InjectReadModel(SharedView) private readonly rows: ReadModel<SharedView>) {}

  async handle({ counterId, by }: CounterRaised, { position, stream }: EventContext): Promise<void> {
    if (by === FAILING) throw new Error('no');
    const { streams } = SharedViewProjection;
    streams.set(this, (streams.get(this) ?? new Set()).add(stream));
    const row = (await this.rows.get(counterId)) ?? Object.assign(new SharedView(), { counterId, applied: [] });
    if (row.applied.includes(DAMAGED)) throw new Error('the row is damaged');
    row.applied = [...row.applied, position];
    this.rows.save(row);
  }
}

export const SHARED_VIEW_FEATURE = EventSourcingModule.forFeature({
  readModels: [SharedView],
  migrations: { views: [CreateSharedView1750000900000] },
});
