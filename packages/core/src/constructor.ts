/** A class, whatever its constructor takes. */
// oxlint-disable-next-line typescript/no-explicit-any -- a constructor's parameters can't be named more narrowly
export type Constructor<T extends object = object> = new (...args: any[]) => T;

/** The class of an object, also of one that has a property `constructor` of its own. */
export function classOf(object: object): Constructor {
  const prototype = Object.getPrototypeOf(object) as { constructor: Constructor } | null;
  return prototype?.constructor ?? Object;
}
