import { ValidationFailedError } from '../problems/validation-failed.error.js';

/** Where a list goes on, as a text that callers hand back without looking into it. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads the place that `encodeCursor` wrote.
 * @param isPlace whether what the text says is a place of this list; it may come from another list, or from anybody
 * @throws ValidationFailedError
 */
export function decodeCursor<T>(cursor: string, isPlace: (value: unknown) => value is T): T {
  const place = parse(cursor);
  if (isPlace(place)) return place;
  throw ValidationFailedError.ofField('cursor', 'cursor must be the nextCursor of the page before.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
