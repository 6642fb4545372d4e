/** @type {import('../page-plan.mjs').PagePlan} */
export const CORE_CONFORMANCE = {
  file: 'core-conformance.md',
  folder: 'packages/core/src/conformance',
  entry: 'index.ts',
  introduction: `# @leftfold/core/conformance

What the test of an adapter imports from \`@leftfold/core/conformance\`: every promise of the \`EventLog\` port, as tests. They need Jest and fast-check.`,
  topics: [
    { title: 'The suite', about: 'One call makes all tests.', paths: ['describe-event-log', 'writers'] },
    {
      title: 'What the adapter brings',
      about: 'A log for each test, and the faults that it can be given.',
      paths: ['harness'],
    },
  ],
};
