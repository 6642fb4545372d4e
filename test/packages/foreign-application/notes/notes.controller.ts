import { Body, Controller, Get, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Heard } from './follow-notes.js';
import { ListNotesQuery } from './list-notes.js';
import { Note } from './note.entity.js';
import { WriteNoteCommand } from './write-note.js';

@Controller('notes')
export class NotesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly heard: Heard,
  ) {}

  @Post()
  async write(@Body() { id, text }: Note): Promise<{ id: string }> {
    return { id: await this.commands.execute(new WriteNoteCommand(id, text)) };
  }

  @Get()
  async list(): Promise<{ notes: Note[]; heard: string[] }> {
    return { notes: await this.queries.execute(new ListNotesQuery()), heard: this.heard.lines.toSorted() };
  }
}
