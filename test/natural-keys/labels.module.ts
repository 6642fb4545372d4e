import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DomainEvent,
  EventSourcingModule,
  ExpectedError,
  InjectReadModel,
  InjectReadModelRepository,
  Projection,
  type ProjectionHandler,
  ReadModel,
  ReadsFrom,
} from '@leftfold/core';
import { IsNaturalKey, NaturalKeyParam, Public } from '@leftfold/http';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import {
  Command,
  CommandBus,
  CommandHandler,
  EventsHandler,
  type ICommandHandler,
  type IQueryHandler,
  Query,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Repository } from 'typeorm';

@DomainEvent('labels.label-used')
class LabelUsed {
  declare readonly type: 'labels.label-used';
  constructor(readonly label: string) {}
}

class LabelNotFoundError extends ExpectedError {
  readonly code = 'label-not-found';
  readonly kind = 'not-found';
}

/** An aggregate whose id is a natural key of any characters. */
@Aggregate({
  category: 'label',
  events: [LabelUsed],
  notFound: () => new LabelNotFoundError('There is no such label.'),
})
class Label extends AggregateRoot<LabelUsed> {
  uses = 0;

  use(): this {
    this.apply(new LabelUsed(this.id));
    return this;
  }

  protected evolve(): void {
    this.uses += 1;
  }
}

@Entity('label_view')
class LabelView {
  @PrimaryColumn({ type: 'text' })
  label: string;

  @Column({ type: 'integer' })
  uses: number;
}

class CreateLabelView1760000000000 implements MigrationInterface {
  readonly name = 'CreateLabelView1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table label_view (label text primary key not null, uses integer not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table label_view');
  }
}

@Projection({ name: 'labels.label-view', entities: [LabelView] })
@EventsHandler(LabelUsed)
class LabelViewProjection implements ProjectionHandler<LabelUsed> {
  constructor(@InjectReadModel(LabelView) private readonly labels: ReadModel<LabelView>) {}

  async handle({ label }: LabelUsed): Promise<void> {
    const row = await this.labels.get(label);
    this.labels.save({ label, uses: (row?.uses ?? 0) + 1 });
  }
}

class AddLabelCommand extends Command<{ label: string }> {
  constructor(readonly label: string) {
    super();
  }
}

@CommandHandler(AddLabelCommand)
class AddLabelHandler implements ICommandHandler<AddLabelCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ label }: AddLabelCommand): Promise<{ label: string }> {
    const added = new Label(label).use();
    return this.aggregates.create(Label, added, { result: { label: added.id } });
  }
}

class UseLabelCommand extends Command<{ label: string }> {
  constructor(readonly label: string) {
    super();
  }
}

@CommandHandler(UseLabelCommand)
class UseLabelHandler implements ICommandHandler<UseLabelCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ label }: UseLabelCommand): Promise<{ label: string }> {
    return this.aggregates.update(Label, label, (each) => void each.use(), { result: { label } });
  }
}

@ReadsFrom(LabelView)
class GetLabelQuery extends Query<LabelView> {
  constructor(readonly label: string) {
    super();
  }
}

@QueryHandler(GetLabelQuery)
class GetLabelHandler implements IQueryHandler<GetLabelQuery> {
  constructor(@InjectReadModelRepository(LabelView) private readonly labels: Repository<LabelView>) {}

  async execute({ label }: GetLabelQuery): Promise<LabelView> {
    const found = await this.labels.findOneBy({ label });
    if (!found) throw new LabelNotFoundError('There is no such label.');
    return found;
  }
}

class AddLabelDto {
  @IsNaturalKey()
  label: string;
}

@Public()
@Controller('labels')
class LabelsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  add(@Body() { label }: AddLabelDto): Promise<{ label: string }> {
    return this.commands.execute(new AddLabelCommand(label));
  }

  @Post(':label/uses')
  use(@Param('label', NaturalKeyParam) label: string): Promise<{ label: string }> {
    return this.commands.execute(new UseLabelCommand(label));
  }

  @Get(':label')
  get(@Param('label', NaturalKeyParam) label: string): Promise<LabelView> {
    return this.queries.execute(new GetLabelQuery(label));
  }

  /** Without the checks at the edge: what the kernel makes of any text. */
  @Post('unchecked/:label')
  addUnchecked(@Param('label') label: string): Promise<{ label: string }> {
    return this.commands.execute(new AddLabelCommand(label));
  }

  @Post('unchecked/:label/uses')
  useUnchecked(@Param('label') label: string): Promise<{ label: string }> {
    return this.commands.execute(new UseLabelCommand(label));
  }
}

@Module({
  imports: [
    EventSourcingModule.forFeature({
      aggregates: [Label],
      readModels: [LabelView],
      migrations: { views: [CreateLabelView1760000000000] },
    }),
  ],
  controllers: [LabelsController],
  providers: [LabelViewProjection, AddLabelHandler, UseLabelHandler, GetLabelHandler],
})
export class LabelsModule {}
