import { Aggregate, AggregateRoot, DomainEvent, ExpectedError } from '@leftfold/core';

/** About 250 bytes of data. */
@DomainEvent('notes.plain-note-taken')
export class PlainNoteTaken {
  declare readonly type: 'notes.plain-note-taken';
  constructor(
    readonly personId: string,
    readonly name: string,
    readonly text: string,
  ) {}
}

/** The same, with two personal fields. */
@DomainEvent('notes.personal-note-taken', {
  personal: [{ subject: ({ personId }: PersonalNoteTaken) => personId, fields: ['name', 'text'] }],
})
export class PersonalNoteTaken {
  declare readonly type: 'notes.personal-note-taken';
  constructor(
    readonly personId: string,
    readonly name: string,
    readonly text: string,
  ) {}
}

class NoNotesError extends ExpectedError {
  readonly code = 'no-notes';
  readonly kind = 'not-found';
}

const notFound = (id: string): NoNotesError => new NoNotesError(`There are no notes of ${id}.`);

@Aggregate({ category: 'plain', events: [PlainNoteTaken], notFound })
export class PlainNotes extends AggregateRoot<PlainNoteTaken> {
  count = 0;

  protected evolve(): void {
    this.count += 1;
  }
}

@Aggregate({ category: 'personal', events: [PersonalNoteTaken], notFound })
export class PersonalNotes extends AggregateRoot<PersonalNoteTaken> {
  count = 0;

  protected evolve(): void {
    this.count += 1;
  }
}
