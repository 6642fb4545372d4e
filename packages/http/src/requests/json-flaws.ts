import type { FieldError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** Deeper than any body of ours, and shallow enough for every recursion that follows. */
const DEEPEST = 64;
/** Fields of one object. */
const MOST_FIELDS = 100;
/** Fields and elements of a whole body: each costs time in validation, during which nobody else is served. */
const MOST_VALUES = 1_000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What no rule of a DTO would catch, or only at a price: nesting that exhausts the stack, masses of fields, unsafe names, half characters. */
export function findFlaw(body: object): FieldError | undefined {
  return new Inspection().inspect(body, []);
}

class Inspection {
  private values = 0;

  inspect(value: unknown, path: string[]): FieldError | undefined {
    if (typeof value === 'string') {
      return LONE_SURROGATE.test(value) ? flaw(path, 'The text has half of a character, a lone surrogate.') : undefined;
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (path.length === DEEPEST) return flaw([], `The body is nested more than ${DEEPEST} deep.`);
    // Counted before anything is looked at one by one.
    const names = Object.keys(value);
    this.values += names.length;
    if (this.values > MOST_VALUES) return flaw([], `The body has more than ${MOST_VALUES} fields and elements.`);
    if (names.length > MOST_FIELDS && !Array.isArray(value)) {
      return flaw(path, `The object has more than ${MOST_FIELDS} fields.`);
    }
    for (const name of names) {
      path.push(name);
      const found = this.inspectMember(name, (value as Record<string, unknown>)[name], path);
      if (found) return found;
      path.pop();
    }
    return undefined;
  }

  private inspectMember(name: string, member: unknown, path: string[]): FieldError | undefined {
    // __proto__, constructor, toString and their like: code that copies properties would trip over them, or drop them unseen.
    return name in Object.prototype ? flaw(path, 'There is no such field.') : this.inspect(member, path);
  }
}

function flaw(path: string[], message: string): FieldError {
  return { field: fieldPath(path) || 'body', message };
}
