/** A class with any constructor. */
export type Constructor<T extends object = object> = new (...args: never[]) => T;

/** The class of an object, also if the object has a property named `constructor`. */
export function classOf(object: object): Constructor {
  const prototype = Object.getPrototypeOf(object) as { constructor: Constructor } | null;
  return prototype?.constructor ?? Object;
}
