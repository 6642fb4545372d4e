/**
 * `describe` for tests that need a program that npm can't install; without it they are skipped.
 * @param lack why they can't run here, as a sentence
 * @throws Error with CI=true, where everything must be installed
 */
export function describeIf(able: unknown, lack: string): jest.Describe {
  if (able) return describe;
  if (process.env.CI === 'true') throw new Error(`${lack} With CI=true all tests have to run.`);
  return describeSkipped(lack);
}

/** Prints the reason. Not with the console: Jest drops its output when all tests of a file are skipped. */
export function describeSkipped(why: string): jest.Describe {
  process.stderr.write(`Skipped: ${why}\n`);
  return describe.skip;
}
