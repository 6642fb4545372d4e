import type { FieldError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** Deeper than any body of ours, and shallow enough for every recursion that follows. */
const DEEPEST = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What no rule of a DTO would catch: nesting that exhausts the stack, unsafe names, half characters. */
export function findFlaw(body: object): FieldError | undefined {
  return inspect(body, []);
}

function inspect(value: unknown, path: string[]): FieldError | undefined {
  if (typeof value === 'string') {
    return LONE_SURROGATE.test(value) ? flaw(path, 'The text has half of a character, a lone surrogate.') : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length === DEEPEST) return flaw([], `The body is nested more than ${DEEPEST} deep.`);
  for (const [name, member] of Object.entries(value)) {
    path.push(name);
    // __proto__, constructor, toString and their like: code that copies properties would trip over them, or drop them unseen.
    const found = name in Object.prototype ? flaw(path, 'There is no such field.') : inspect(member, path);
    if (found) return found;
    path.pop();
  }
  return undefined;
}

function flaw(path: string[], message: string): FieldError {
  return { field: fieldPath(path) || 'body', message };
}
