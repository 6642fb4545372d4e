/** A class with any constructor. */
// oxlint-disable-next-line typescript/no-explicit-any -- a constructor's parameters can't be named more narrowly
export type Constructor<T extends object = object> = new (...args: any[]) => T;

/** The class of an object, also if the object has a property named `constructor`. */
export function classOf(object: object): Constructor {
  const prototype = Object.getPrototypeOf(object) as { constructor: Constructor } | null;
  return prototype?.constructor ?? Object;
}
