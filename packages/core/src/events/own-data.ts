import type { JsonObject, JsonValue } from './json.js';
import { revive } from './revive.js';

/** Whether a text has one more brace, or a bracket. Nearly all have not, and it is faster to search them than to look at each property. */
export function mayBeNested(dataText: string): boolean {
  return dataText.includes('{', 1) || dataText.includes('[');
}

export function isNested(data: object): boolean {
  for (const name in data) {
    const value = (data as Record<string, unknown>)[name];
    if (typeof value === 'object' && value !== null) return true;
  }
  return false;
}

/** A copy that shares no object and no list with the data. */
export function copyOf(data: JsonObject): JsonObject {
  // Every name is an own property of the copy, so an assignment to one is plain, also to `__proto__`.
  const copy = { ...data } as Record<string, JsonValue>;
  for (const name in copy) {
    const value = copy[name]!;
    if (typeof value === 'object' && value !== null) copy[name] = copyOfValue(value);
  }
  return copy;
}

function copyOfValue(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(copyOfValue) : copyOf(value as JsonObject);
}

/** Data that is deeper is refused when it is stored. */
const DEEPEST = 200;

/**
 * The event as it is now: one with lists and objects of its own, or the same one if it has none. What can't be stored stays as it
 * is, so that it is refused as what it is.
 */
export function detached<E extends object>(event: E): E {
  if (!isNested(event)) return event;
  const data = ownProperties(event, new Set<object>([event]));
  return revive<E>(Object.getPrototypeOf(event) as object, data as JsonObject);
}

/** @param within the objects and lists around it, the innermost last */
function detachedValue(value: unknown, within: Set<object>): unknown {
  if (typeof value !== 'object' || value === null || within.has(value) || within.size > DEEPEST) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return value;
  within.add(value);
  const copy = Array.isArray(value) ? value.map((each) => detachedValue(each, within)) : ownProperties(value, within);
  within.delete(value);
  return copy;
}

function ownProperties(object: object, within: Set<object>): Record<string, unknown> {
  const copy = { ...object } as Record<string, unknown>;
  for (const name of Object.keys(copy)) copy[name] = detachedValue(copy[name], within);
  return copy;
}
