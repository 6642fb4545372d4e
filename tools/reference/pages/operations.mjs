/** @type {import('../page-plan.mjs').PagePlan} */
export const OPERATIONS = {
  file: 'operations.md',
  folder: 'packages/operations/src',
  entry: 'index.ts',
  introduction: `# @leftfold/operations

What an application may import from \`@leftfold/operations\`, by topic. [Its README](../../packages/operations/README.md) shows the set-up, and
[a page of its own](operations-cli.md) what a command line is made of.`,
  topics: [
    { title: 'Set-up', about: 'One module.', paths: ['operations.module', 'operations-options'] },
    { title: 'Access', about: 'Who operates is for the application to say.', paths: ['access'] },
    { title: 'Personal data', about: 'What a restored backup brings back.', paths: ['personal-data'] },
    {
      title: 'Metrics and faults',
      about: 'What is measured, and what a process says when it fails.',
      paths: ['metrics', 'cli'],
    },
  ],
};
