import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ClsModule } from 'nestjs-cls';
import { Note } from './notes/note.entity.js';
import { NotesModule } from './notes/notes.module.js';

@Module({
  imports: [
    CqrsModule.forRoot(),
    ClsModule.forRoot({
      global: true,
      middleware: {
        mount: true,
        setup: (cls, request: { headers: Record<string, unknown> }) => cls.set('tenant', request.headers['x-tenant']),
      },
    }),
    TypeOrmModule.forRoot({
      ...(process.env.NOTES_URL
        ? { type: 'postgres', url: process.env.NOTES_URL }
        : { type: 'better-sqlite3', database: './data/events.sqlite' }),
      entities: [Note],
      synchronize: true,
    }),
    NotesModule,
  ],
})
export class AppModule {}
