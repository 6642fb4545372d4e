import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AggregateRoot,
  Command,
  CommandBus,
  CommandHandler,
  EventBus,
  EventPublisher,
  EventsHandler,
  type ICommand,
  type IEvent,
  ofType,
  Query,
  QueryBus,
  QueryHandler,
  Saga,
} from '@nestjs/cqrs';
import { getDataSourceToken, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { ClsModule, ClsService } from 'nestjs-cls';
import { map, type Observable } from 'rxjs';
import { Column, DataSource, Entity, PrimaryColumn, Repository } from 'typeorm';
import { EventSourcingModule } from '../src/index.js';
import { createKernelDatabase } from './counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import {
  CounterView,
  CounterViewProjection,
  Interference,
  CreateCounterView1750000900000,
  GetCounterHandler,
  GetCounterQuery,
} from './counters/counter-view.js';
import { COUNTER_HANDLERS, Counter, CounterOpened, NameUse, OpenCounterCommand } from './counters/counter.js';

// An application that was there before: stock @nestjs/cqrs, its own default DataSource, its own nestjs-cls.

@Entity('notes')
class Note {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  text: string;
}

class NoteWritten {
  constructor(readonly id: string) {}
}

class NotePad extends AggregateRoot {
  write(id: string): void {
    this.apply(new NoteWritten(id));
  }
}

class WriteNoteCommand extends Command<string> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(WriteNoteCommand)
class WriteNoteHandler {
  constructor(
    @InjectRepository(Note) private readonly notes: Repository<Note>,
    private readonly publisher: EventPublisher,
  ) {}

  async execute({ id }: WriteNoteCommand): Promise<string> {
    await this.notes.save({ id, text: `note ${id}` });
    const pad = this.publisher.mergeObjectContext(new NotePad());
    pad.write(id);
    pad.commit();
    return id;
  }
}

class CountNotesQuery extends Query<number> {}

@QueryHandler(CountNotesQuery)
class CountNotesHandler {
  constructor(@InjectRepository(Note) private readonly notes: Repository<Note>) {}

  execute(): Promise<number> {
    return this.notes.count();
  }
}

const heard: string[] = [];

@EventsHandler(NoteWritten)
class NoteListener {
  constructor(private readonly cls: ClsService) {}

  handle({ id }: NoteWritten): void {
    heard.push(`${id} for ${this.cls.get<string>('tenant')}`);
  }
}

class FileNoteCommand implements ICommand {
  constructor(readonly id: string) {}
}

@CommandHandler(FileNoteCommand)
class FileNoteHandler {
  async execute({ id }: FileNoteCommand): Promise<void> {
    heard.push(`${id} is filed`);
  }
}

@Injectable()
class FilingSaga {
  @Saga()
  file = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(NoteWritten),
      map(({ id }) => new FileNoteCommand(id)),
    );
}

const FOREIGN = [WriteNoteHandler, CountNotesHandler, NoteListener, FileNoteHandler, FilingSaga];

describe.each(DATABASE_KINDS)('an application that uses @nestjs/cqrs and TypeORM already, on %s', (kind) => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof start>>;

  async function start() {
    class CountersModule {}
    Module({
      imports: [
        EventSourcingModule.forFeature({
          aggregates: [Counter],
          decisionModels: [NameUse],
          readModels: [CounterView],
          migrations: { views: [CreateCounterView1750000900000] },
        }),
      ],
      providers: [...COUNTER_HANDLERS, CounterViewProjection, GetCounterHandler, Interference],
    })(CountersModule);
    class RootModule {}
    Module({
      imports: [
        ClsModule.forRoot({ global: true }),
        TypeOrmModule.forRoot(
          kind === 'sqlite'
            ? {
                type: 'better-sqlite3',
                database: `${database.folder}/notes.sqlite`,
                entities: [Note],
                synchronize: true,
              }
            : { type: 'postgres', url: database.url, entities: [Note], synchronize: true },
        ),
        TypeOrmModule.forFeature([Note]),
        EventSourcingModule.forRoot({ url: database.url, eventsInMemory: true }),
        CountersModule,
      ],
      providers: FOREIGN,
    })(RootModule);
    return NestFactory.createApplicationContext(RootModule, { logger: false, abortOnError: false });
  }

  beforeAll(async () => {
    heard.length = 0;
    database = await createKernelDatabase(kind);
    app = await start();
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('keeps its repositories, its events in memory, its sagas and its own context', async () => {
    const inTenant = () => app.get(ClsService).set('tenant', 'acme');
    await app.get(ClsService).run(async () => {
      inTenant();
      await app.get(CommandBus).execute(new WriteNoteCommand('n1'));
      await eventually(() => expect(heard.toSorted()).toEqual(['n1 for acme', 'n1 is filed']));
      await app.get(EventBus).publish(new NoteWritten('n2'));
    });

    await eventually(() => expect(heard).toContain('n2 for acme'));
    await expect(app.get(QueryBus).execute(new CountNotesQuery())).resolves.toBe(1);
  });

  it('stores domain events beside its own tables, and refuses to publish them in memory', async () => {
    await app.get(CommandBus).execute(new OpenCounterCommand('c1', 'first'));
    await eventually(async () =>
      expect(await app.get(QueryBus).execute(new GetCounterQuery('c1'))).toMatchObject({ applied: [1] }),
    );

    expect(() => void app.get(EventBus).publish(new CounterOpened('c2', 'second'))).toThrow(
      'Events are published by being stored.',
    );
  });

  it('keeps the default DataSource for itself', async () => {
    const [own, views] = [app.get(DataSource), app.get<DataSource>(getDataSourceToken('views'))];

    expect(own).not.toBe(views);
    await expect(own.query('select count(*) as notes from notes')).resolves.toEqual([{ notes: expect.anything() }]);
    await expect(views.query(`insert into counter_view values ('x', 1, '[]')`)).rejects.toThrow(/read-?only/);
  });
});
