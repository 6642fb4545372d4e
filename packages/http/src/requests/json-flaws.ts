import type { FieldError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** Deeper than any body of a route, and shallow enough for every recursion that follows. */
const DEEPEST = 64;
/** Fields of one object. */
const MOST_FIELDS = 100;
/** Fields and elements of a whole body. Each costs time in validation, which blocks all other requests. */
const MOST_VALUES = 1_000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Flaws that DTO rules don't catch, or only at a high cost: nesting that exhausts the stack, masses of fields, unsafe names, lone surrogates. */
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
    // Counted before any value is checked.
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
    // `__proto__`, `constructor`, `toString` and the like: code that copies properties would fail on them, or silently drop them.
    return name in Object.prototype ? flaw(path, 'There is no such field.') : this.inspect(member, path);
  }
}

function flaw(path: string[], message: string): FieldError {
  return { field: fieldPath(path) || 'body', message };
}
