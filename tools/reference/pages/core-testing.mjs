/** @type {import('../page-plan.mjs').PagePlan} */
export const CORE_TESTING = {
  file: 'core-testing.md',
  folder: 'packages/core/src/testing',
  entry: 'index.ts',
  introduction: `# @leftfold/core/testing

What unit tests of aggregates, decision models and sagas import from \`@leftfold/core/testing\`. It needs \`node:assert\` only, so every test runner will do.`,
  topics: [
    {
      title: 'Given, when, then',
      about: 'Rules as events in and events out, without a database.',
      paths: ['aggregate-spec', 'model-spec', 'saga-spec', 'to-be-written'],
    },
    { title: 'Time', about: 'A clock that moves when the test says so.', paths: ['movable-clock'] },
  ],
};
