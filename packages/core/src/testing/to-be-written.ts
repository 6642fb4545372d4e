/**
 * A placeholder for a test that is still to be written; it always fails.
 * @param what given what, when what, then what
 */
export function expectToBeWritten(what: string): never {
  throw new Error(`This test is still to be written: ${what}`);
}
