import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FileNoteHandler, FilingSaga, Heard, NoteListener } from './follow-notes.js';
import { ListNotesHandler } from './list-notes.js';
import { Note } from './note.entity.js';
import { NotesController } from './notes.controller.js';
import { WriteNoteHandler } from './write-note.js';

@Module({
  imports: [CqrsModule, TypeOrmModule.forFeature([Note])],
  controllers: [NotesController],
  providers: [Heard, WriteNoteHandler, ListNotesHandler, NoteListener, FileNoteHandler, FilingSaga],
})
export class NotesModule {}
