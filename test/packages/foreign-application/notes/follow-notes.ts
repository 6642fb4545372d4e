import { Injectable } from '@nestjs/common';
import { CommandHandler, EventsHandler, type ICommand, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { ClsService } from 'nestjs-cls';
import { map, type Observable } from 'rxjs';
import { NoteWritten } from './write-note.js';

/** The events that followers of notes have received. */
@Injectable()
export class Heard {
  readonly lines: string[] = [];
}

@EventsHandler(NoteWritten)
export class NoteListener {
  constructor(
    private readonly cls: ClsService,
    private readonly heard: Heard,
  ) {}

  handle({ id }: NoteWritten): void {
    this.heard.lines.push(`${id} of ${this.cls.get<string>('tenant')}`);
  }
}

class FileNoteCommand implements ICommand {
  constructor(readonly id: string) {}
}

@CommandHandler(FileNoteCommand)
export class FileNoteHandler {
  constructor(private readonly heard: Heard) {}

  async execute({ id }: FileNoteCommand): Promise<void> {
    this.heard.lines.push(`${id} is filed`);
  }
}

@Injectable()
export class FilingSaga {
  @Saga()
  file = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(NoteWritten),
      map(({ id }) => new FileNoteCommand(id)),
    );
}
