import { InvalidIdError } from '../aggregates/aggregate-id.js';
import { AggregateRoot } from '../aggregates/aggregate-root.js';
import { Aggregate } from '../aggregates/aggregate.decorator.js';
import { ExpectedError } from '../errors.js';
import { AskedChanges } from './changes.js';

class NoteNotFoundError extends ExpectedError {
  readonly code = 'note-not-found';
  readonly kind = 'not-found';
}

@Aggregate({ category: 'note', events: [], notFound: () => new NoteNotFoundError('There is no such note.') })
class Note extends AggregateRoot<object> {
  protected evolve(): void {
    return;
  }
}

const COMPOSED = '\u00e9';
const DECOMPOSED = 'e\u0301';

it.each(['', 'a\tb', '\ud800', 'x'.repeat(251)])('refuses %j as the id of a stream', (id) => {
  const changes = new AskedChanges();
  expect(() => changes.create(Note, new Note(id))).toThrow(InvalidIdError);
  expect(() => changes.append(`note-${id}`, {})).toThrow(InvalidIdError);
  expect(() => changes.append(id, {})).toThrow(InvalidIdError);
  expect([...changes.created, ...changes.appended]).toEqual([]);
});

it('appends to and creates the same stream in any Unicode form', () => {
  const changes = new AskedChanges();
  changes.create(Note, new Note(DECOMPOSED));
  changes.append(`note-${DECOMPOSED}`, { first: true });
  changes.append(`note-${COMPOSED}`, { first: false });
  expect([...changes.created.keys()]).toEqual([`note-${COMPOSED}`]);
  expect([...changes.appended]).toEqual([[`note-${COMPOSED}`, [{ first: true }, { first: false }]]]);
});
