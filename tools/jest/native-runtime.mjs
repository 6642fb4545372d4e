import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { sourceMaps } from './compile.mjs';

const require = createRequire(import.meta.url);
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const globals = /** @type {Record<string | symbol, unknown>} */ (/** @type {unknown} */ (globalThis));
/** The environment of the file that runs now. @type {import('./native-environment.mjs').default | undefined} */
let environment;
let runs = 0;

// Jest gives a worker that has nothing left to do half a second to be gone, and reports any that needs more. On a busy machine
// a process needs more to take its heap apart, so a worker ends without. A handle that a test has left open still keeps it.
process.once('beforeExit', () => {
  if (process.send && process.platform !== 'win32') process.kill(process.pid, 'SIGKILL');
  process.exit();
});

/** The part of the `jest` object that works without Jest's module loader. */
const jestObject = {
  /** @param {[any]} args */
  fn: (...args) => environment?.moduleMocker.fn(...args),
  /** @param {[any, any]} args */
  spyOn: (...args) => environment?.moduleMocker.spyOn(...args),
  restoreAllMocks: () => environment?.moduleMocker.restoreAllMocks(),
  /** @param {[any?]} args */
  useFakeTimers: (...args) => environment?.fakeTimersModern.useFakeTimers(...args),
  useRealTimers: () => environment?.fakeTimersModern.useRealTimers(),
  /** @param {number} ms */
  advanceTimersByTimeAsync: (ms) => environment?.fakeTimersModern.advanceTimersByTimeAsync(ms),
};

/**
 * A Jest runtime that leaves loading to Node: a worker loads the application once for all of its files. Jest's own runtime
 * evaluates every module anew for each file. Its price is that files of a worker share module state, and that `jest.mock` is
 * not there. See docs/decisions/0015.
 */
export default class NativeRuntime {
  /**
   * @param {unknown} _config
   * @param {import('./native-environment.mjs').default} ofThisFile
   */
  constructor(_config, ofThisFile) {
    environment = ofThisFile;
    globals.jest = jestObject;
  }

  /**
   * Loads the test framework. It keeps its tests and handlers in globals, so it is evaluated anew for each file. Each time it
   * names the global for its tests by a new symbol; left there, those of earlier files would keep their applications in memory.
   *
   * @param {string} path
   * @returns {unknown}
   */
  requireInternalModule(path) {
    delete require.cache[path];
    delete globals[EVENT_HANDLERS];
    for (const symbol of Object.getOwnPropertySymbols(globals)) {
      if (symbol.description === 'JEST_STATE_SYMBOL') delete globals[symbol];
    }
    return require(path);
  }

  /**
   * @param {string} path
   * @returns {unknown}
   */
  requireModule(path) {
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  /**
   * The query makes Node evaluate the file again when Jest runs it again, such as in watch mode.
   *
   * @param {string} path
   */
  async unstable_importModule(path) {
    runs += 1;
    await import(`${pathToFileURL(path).href}?run=${runs}`);
  }

  getSourceMaps() {
    return sourceMaps;
  }

  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}
  clearAllMocks() {}
  resetAllMocks() {}
  restoreAllMocks() {}
  resetModules() {}
  getAllCoverageInfoCopy() {}
  teardown() {}
}
