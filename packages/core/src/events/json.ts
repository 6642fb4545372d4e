/** A value that JSON stores without change. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of such values. A property that is `undefined` is left out. */
export type JsonObject = { readonly [key: string]: JsonValue | undefined };

const MAX_DEPTH = 128;

/** A value that JSON can't store without change. The message names the path to it. */
export class UnstorableValueError extends Error {
  constructor(
    readonly path: string,
    what: string,
  ) {
    super(`${path || 'The value'} can't be stored: ${what}`);
    this.name = 'UnstorableValueError';
  }
}

/**
 * Serializes plain JSON values. Refuses everything that `JSON.stringify` would change silently: a number that is not
 * finite or beyond 2^53, `bigint`, `undefined` in a list, class instances below the root, `Date`, symbols.
 * @throws UnstorableValueError
 */
export function encodeJson(value: unknown, root = 'data'): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const key of Object.keys(value)) check((value as Record<string, unknown>)[key], key, root, 1);
    refuseToJson(value, root);
  } else {
    check(value, '', root, 0);
  }
  return JSON.stringify(value);
}

/**
 * Serializes a value of a field: unlike an event itself, it must be no class instance.
 * @throws UnstorableValueError
 */
export function encodeField(value: unknown, path: string): string {
  check(value, '', path, 1);
  return JSON.stringify(value);
}

/**
 * Parses stored JSON. Used to copy a value when it is accepted: the copy equals what the database will hold, and the
 * caller can't change it.
 */
export function decodeJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

function check(value: unknown, key: string, parent: string, depth: number): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'undefined':
      // A missing property stays missing; a hole in a list would come back as null.
      if (key !== '' && !key.startsWith('[')) return;
      throw new UnstorableValueError(place(parent, key), 'undefined is no JSON value. Use null.');
    case 'number':
      return checkNumber(value, key, parent);
    case 'object':
      if (value === null) return;
      return checkObject(value, place(parent, key), depth);
    default:
      throw new UnstorableValueError(place(parent, key), `a ${typeof value} is no JSON value.`);
  }
}

/** The path is made only for a message. */
function checkNumber(value: number, key: string, parent: string): void {
  if (!Number.isFinite(value)) throw new UnstorableValueError(place(parent, key), `${value} is no JSON number.`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new UnstorableValueError(
      place(parent, key),
      `${value} is beyond 2^53, where JSON numbers are rounded. Store it as a string.`,
    );
  }
}

function checkObject(value: object, path: string, depth: number): void {
  if (depth >= MAX_DEPTH)
    throw new UnstorableValueError(path, `it is nested deeper than ${MAX_DEPTH}, or in a circle.`);
  refuseToJson(value, path);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) check(value[i], `[${i}]`, path, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new UnstorableValueError(
      path,
      `a ${(prototype as object).constructor.name} would come back as a plain object. Store plain JSON values.`,
    );
  }
  for (const key of Object.keys(value)) check((value as Record<string, unknown>)[key], key, path, depth + 1);
}

function refuseToJson(value: object, path: string): void {
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    throw new UnstorableValueError(path, 'it has a toJSON method. Store plain JSON values.');
}

function place(parent: string, key: string): string {
  if (key === '') return parent;
  return key.startsWith('[') ? parent + key : `${parent}.${key}`;
}
