/**
 * `describe` for tests that need what npm can't bring; where the machine lacks it, they are skipped.
 * @param lack why they can't run here, as a sentence
 * @throws Error with CI=true, where everything has to be installed
 */
export function describeIf(able: unknown, lack: string): jest.Describe {
  if (able) return describe;
  if (process.env.CI === 'true') throw new Error(`${lack} With CI=true all tests have to run.`);
  return describeSkipped(lack);
}

/** Says why. Not on the console: Jest keeps that to itself when all tests of a file are skipped. */
export function describeSkipped(why: string): jest.Describe {
  process.stderr.write(`Skipped: ${why}\n`);
  return describe.skip;
}
