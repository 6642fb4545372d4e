import { ExpectedError } from '../errors.js';
import { LONGEST_STREAM_NAME } from '../event-log/stream-name.js';

/** What no id may contain: control characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Most ids, which are in every Unicode form. To see that is faster than to normalize them. */
const ASCII = /^[\0-\x7f]*$/;

/** No stream can have this id: an aggregate can't be created with it, and no event appended. */
export class InvalidIdError extends ExpectedError {
  readonly code = 'invalid-id';
  readonly kind = 'invalid';
}

/**
 * An id in Unicode normal form C, the form in which it is part of a stream's name. So a natural key is the same
 * aggregate however its letters are composed. Case, width and spaces stay as they are.
 */
export function normaliseId(id: string): string {
  // Not for a value of another type, which a later check refuses.
  return typeof id === 'string' && !ASCII.test(id) ? id.normalize('NFC') : id;
}

/**
 * Refuses an id that can't be part of a stream's name.
 * @throws InvalidIdError when it is empty, too long, or has unprintable characters
 */
export function checkId(category: string, id: string): void {
  const longest = LONGEST_STREAM_NAME - category.length - 1;
  if (typeof id !== 'string' || id === '')
    throw new InvalidIdError(`The id of a ${category} must be a text that is not empty.`);
  if (id.length > longest) {
    throw new InvalidIdError(`The id of a ${category} has ${id.length} characters, and may have ${longest}.`);
  }
  if (UNPRINTABLE.test(id)) throw new InvalidIdError(`The id of a ${category} may have printable characters only.`);
}
