/**
 * Stands where a test is still to be written, and fails until then.
 * @param what given what, when what, then what
 */
export function expectToBeWritten(what: string): never {
  throw new Error(`This test is still to be written: ${what}`);
}
