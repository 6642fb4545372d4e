import { ValidationFailedError } from '../problems/validation-failed.error.js';

/** Encodes where the next page of a list begins, as an opaque text for the caller. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Decodes a cursor of `encodeCursor`.
 * @param isPlace whether the decoded value is a place in this list; the cursor may come from another list, or be made up
 * @throws ValidationFailedError
 */
export function decodeCursor<T>(cursor: string, isPlace: (value: unknown) => value is T): T {
  const place = parse(cursor);
  if (isPlace(place)) return place;
  throw ValidationFailedError.ofField('cursor', 'cursor must be the nextCursor of the previous page.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
