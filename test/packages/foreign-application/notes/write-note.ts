import { AggregateRoot, Command, CommandHandler, EventPublisher, type ICommandHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Note } from './note.entity.js';

export class NoteWritten {
  constructor(readonly id: string) {}
}

class NotePad extends AggregateRoot {
  write(id: string): void {
    this.apply(new NoteWritten(id));
  }
}

export class WriteNoteCommand extends Command<string> {
  constructor(
    readonly id: string,
    readonly text: string,
  ) {
    super();
  }
}

@CommandHandler(WriteNoteCommand)
export class WriteNoteHandler implements ICommandHandler<WriteNoteCommand> {
  constructor(
    @InjectRepository(Note) private readonly notes: Repository<Note>,
    private readonly publisher: EventPublisher,
  ) {}

  async execute({ id, text }: WriteNoteCommand): Promise<string> {
    await this.notes.insert({ id, text });
    const pad = this.publisher.mergeObjectContext(new NotePad());
    pad.write(id);
    pad.commit();
    return id;
  }
}
