import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Note } from './note.entity.js';

export class ListNotesQuery extends Query<Note[]> {}

@QueryHandler(ListNotesQuery)
export class ListNotesHandler implements IQueryHandler<ListNotesQuery> {
  constructor(@InjectRepository(Note) private readonly notes: Repository<Note>) {}

  execute(): Promise<Note[]> {
    return this.notes.find();
  }
}
