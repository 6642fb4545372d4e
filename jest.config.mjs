const common = {
  testEnvironment: '<rootDir>/tools/jest/native-environment.mjs',
  runtime: '<rootDir>/tools/jest/native-runtime.mjs',
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/packages/.*/dist/', '<rootDir>/data/'],
};

/** One PostgreSQL serves every project that names this pair in a run: Jest calls each file once. */
const withPostgres = {
  globalSetup: '<rootDir>/packages/core/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/core/test/support/global-teardown.mjs',
};

/** @type {import('jest').Config} */
export default {
  // One more than there are processors on the machines of CI: some tests wait.
  maxWorkers: 3,
  testSequencer: '<rootDir>/tools/jest/sequencer.mjs',
  // Here, because Jest ignores it inside a project. Ends a hang; what a test waits for has limits of its own, which are shorter.
  testTimeout: 120_000,
  // Node never frees the modules that a test file loaded as ESM; a worker that grew past this is replaced.
  workerIdleMemoryLimit: '1GB',
  // In ms. On a busy machine the kernel takes longer than Jest's half a second to free a worker of that size.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,packages,test,bench}/**/*.spec.ts'],
    },
    {
      ...common,
      ...withPostgres,
      displayName: 'int',
      testMatch: ['<rootDir>/{src,packages,test}/**/*.int-spec.ts'],
    },
    {
      ...common,
      ...withPostgres,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
    },
    {
      ...common,
      ...withPostgres,
      displayName: 'faults',
      testMatch: ['<rootDir>/{packages,test}/**/*.faults-spec.ts'],
    },
    {
      ...common,
      ...withPostgres,
      displayName: 'install',
      testMatch: ['<rootDir>/test/**/*.install-spec.ts'],
    },
  ],
};
