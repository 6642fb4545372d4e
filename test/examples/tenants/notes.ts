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
  unreachable,
} from '@leftfold/core';
import { Module } from '@nestjs/common';
import {
  Command,
  CommandHandler,
  EventsHandler,
  type ICommandHandler,
  type IQueryHandler,
  Query,
  QueryHandler,
} from '@nestjs/cqrs';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Repository } from 'typeorm';

/** A small feature. It knows nothing of tenants. */

@DomainEvent('notes.note-written')
export class NoteWritten {
  declare readonly type: 'notes.note-written';

  constructor(
    readonly noteId: string,
    readonly text: string,
  ) {}
}

class NoteNotFoundError extends ExpectedError {
  readonly code = 'note-not-found';
  readonly kind = 'not-found';

  static withId(id: string): NoteNotFoundError {
    return new NoteNotFoundError(`There is no note ${id}.`);
  }
}

@Aggregate({ category: 'note', events: [NoteWritten], notFound: (id) => NoteNotFoundError.withId(id) })
export class Note extends AggregateRoot<NoteWritten> {
  static write(id: string, text: string): Note {
    const note = new Note(id);
    note.apply(new NoteWritten(id, text));
    return note;
  }

  protected evolve(event: NoteWritten): void {
    if (event.type !== 'notes.note-written') unreachable(event.type);
  }
}

export class WriteNoteCommand extends Command<{ noteId: string }> {
  constructor(
    readonly noteId: string,
    readonly text: string,
  ) {
    super();
  }
}

@CommandHandler(WriteNoteCommand)
class WriteNoteHandler implements ICommandHandler<WriteNoteCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ noteId, text }: WriteNoteCommand): Promise<{ noteId: string }> {
    return this.aggregates.create(Note, Note.write(noteId, text), { result: { noteId } });
  }
}

@Entity('note_view')
export class NoteView {
  @PrimaryColumn({ name: 'note_id', type: 'text' })
  noteId: string;

  @Column({ type: 'text' })
  text: string;
}

class CreateNoteView1790000000001 implements MigrationInterface {
  readonly name = 'CreateNoteView1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table note_view (note_id text primary key not null, text text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table note_view');
  }
}

@Projection({ name: 'notes.note-view', entities: [NoteView] })
@EventsHandler(NoteWritten)
class NoteViewProjection implements ProjectionHandler<NoteWritten> {
  constructor(@InjectReadModel(NoteView) private readonly rows: ReadModel<NoteView>) {}

  handle({ noteId, text }: NoteWritten): Promise<void> {
    this.rows.save(Object.assign(new NoteView(), { noteId, text }));
    return Promise.resolve();
  }
}

@ReadsFrom(NoteView)
export class ListNotesQuery extends Query<NoteView[]> {}

@QueryHandler(ListNotesQuery)
class ListNotesHandler implements IQueryHandler<ListNotesQuery> {
  constructor(@InjectReadModelRepository(NoteView) private readonly notes: Repository<NoteView>) {}

  execute(): Promise<NoteView[]> {
    return this.notes.find({ order: { noteId: 'ASC' } });
  }
}

@Module({
  imports: [
    EventSourcingModule.forFeature({
      aggregates: [Note],
      readModels: [NoteView],
      migrations: { views: [CreateNoteView1790000000001] },
    }),
  ],
  providers: [WriteNoteHandler, ListNotesHandler, NoteViewProjection],
})
export class NotesModule {}
