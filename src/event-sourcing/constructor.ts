/** A class, whatever its constructor takes. */
// oxlint-disable-next-line typescript/no-explicit-any -- a constructor's parameters can't be named more narrowly
export type Constructor<T extends object = object> = new (...args: any[]) => T;
