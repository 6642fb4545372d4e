/** What `@jest/globals` is under this runtime: `jest` alone has to be imported, everything else is a global. */
export const { jest } = /** @type {{ jest: typeof import('@jest/globals').jest }} */ (
  /** @type {unknown} */ (globalThis)
);
