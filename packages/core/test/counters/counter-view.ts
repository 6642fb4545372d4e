import { EventsHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Repository } from 'typeorm';
import {
  type EventContext,
  InjectReadModel,
  InjectReadModelRepository,
  Projection,
  type ProjectionHandler,
  ReadModel,
  ReadsFrom,
} from '../../src/index.js';
import { COUNTER_EVENTS, type CounterEvent } from './counter.js';

@Entity('counter_view')
export class CounterView {
  @PrimaryColumn({ name: 'counter_id', type: 'text' })
  counterId: string;

  @Column({ type: 'integer' })
  value: number;

  /** Positions of all applied events, in order, so that a duplicate or a gap shows. */
  @Column({ type: 'simple-json' })
  applied: number[];
}

export class CreateCounterView1750000900000 implements MigrationInterface {
  readonly name = 'CreateCounterView1750000900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table counter_view (counter_id text primary key not null, value integer not null, applied text not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table counter_view');
  }
}

/** What else happens to an event. Each node has one; tests give it faults. */
export class Interference {
  /** Runs after each event was applied. */
  run: (event: CounterEvent, context: EventContext, rows: ReadModel<CounterView>) => void | Promise<void> = () =>
    undefined;
}

@Projection({ name: 'counters.counter-view', entities: [CounterView] })
@EventsHandler(...COUNTER_EVENTS)
export class CounterViewProjection implements ProjectionHandler<CounterEvent> {
  constructor(
    @InjectReadModel(CounterView) private readonly rows: ReadModel<CounterView>,
    private readonly interference: Interference,
  ) {}

  async handle(event: CounterEvent, context: EventContext): Promise<void> {
    const row =
      (await this.rows.get(event.counterId)) ??
      Object.assign(new CounterView(), { counterId: event.counterId, value: 0, applied: [] });
    row.value += event.type === 'counters.counter-raised' ? event.by : 0;
    row.applied = [...row.applied, context.position];
    this.rows.save(row);
    await this.interference.run(event, context, this.rows);
  }
}

@ReadsFrom(CounterView)
export class GetCounterQuery extends Query<CounterView | null> {
  constructor(readonly counterId: string) {
    super();
  }
}

@QueryHandler(GetCounterQuery)
export class GetCounterHandler implements IQueryHandler<GetCounterQuery> {
  constructor(@InjectReadModelRepository(CounterView) private readonly counters: Repository<CounterView>) {}

  execute({ counterId }: GetCounterQuery): Promise<CounterView | null> {
    return this.counters.findOneBy({ counterId });
  }
}
