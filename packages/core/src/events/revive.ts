import type { JsonObject } from './json.js';

/** Per prototype, the names for which an assignment would not create an own property. */
const guardedNames = new WeakMap<object, readonly string[]>();

/** Of the prototype that was asked for last. */
let last: { readonly prototype: object | undefined; readonly names: readonly string[] } = {
  prototype: undefined,
  names: [],
};

/**
 * Makes an instance with these own properties without running a constructor. `Object.assign` alone would lose
 * `__proto__`, and would throw at names that the class has as accessors or constants, such as the `type` of an event.
 */
export function revive<T extends object>(prototype: object, data: JsonObject): T {
  return isAssignable(prototype, data) ? assigned(prototype, data) : define(Object.create(prototype) as T, data);
}

/** Whether `assigned` makes the same of this data as `revive`. */
export function isAssignable(prototype: object, data: JsonObject): boolean {
  for (const name of guardedNamesOf(prototype)) if (Object.hasOwn(data, name)) return false;
  return true;
}

/** `revive` for data that is known to be assignable. */
export function assigned<T extends object>(prototype: object, data: JsonObject): T {
  return Object.assign(Object.create(prototype) as T, data);
}

function define<T extends object>(instance: T, data: JsonObject): T {
  for (const name of Object.keys(data)) {
    Object.defineProperty(instance, name, { value: data[name], writable: true, enumerable: true, configurable: true });
  }
  return instance;
}

function guardedNamesOf(prototype: object): readonly string[] {
  if (prototype === last.prototype) return last.names;
  let names = guardedNames.get(prototype);
  if (!names) {
    names = [...new Set(guardedNamesIn(prototype))];
    guardedNames.set(prototype, names);
  }
  last = { prototype, names };
  return names;
}

function guardedNamesIn(prototype: object | null): string[] {
  if (prototype === null) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const guarded = own.filter(([, descriptor]) => !descriptor.writable).map(([name]) => name);
  return [...guarded, ...guardedNamesIn(Object.getPrototypeOf(prototype) as object | null)];
}
