import { MalformedJsonError } from '../problems/malformed-json.error.js';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { findFlaw } from './json-flaws.js';

/** In bytes. */
export const BODY_LIMIT = 100 * 1024;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's body: a JSON object in UTF-8.
 * @throws MalformedJsonError, ValidationFailedError
 */
export function parseJsonBody(bytes: Buffer): object {
  if (bytes.length === 0) throw MalformedJsonError.becauseItIsEmpty();
  const body = parse(decode(bytes));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw ValidationFailedError.ofField('body', 'The body must be a JSON object.');
  }
  const flaw = findFlaw(body);
  if (flaw) throw new ValidationFailedError([flaw]);
  return body;
}

function decode(bytes: Buffer): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw MalformedJsonError.becauseOfItsEncoding();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes part of the text, which may be a password.
    throw MalformedJsonError.becauseItCannotBeParsed();
  }
}
